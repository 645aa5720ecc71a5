#include "acquire.hh"

#include "observer.hh"

namespace tls::schannel {
namespace {

Abilities abilities;

uint32_t ProtocolsOf(const CredentialUse& use) {
  uint32_t protocols = 0;
  if (use.min_version <= kTls12 && use.max_version >= kTls12) {
    protocols |= use.is_server ? abi::kProtocolTls12Server : abi::kProtocolTls12Client;
  }
  if (use.min_version <= kTls13 && use.max_version >= kTls13) {
    protocols |= use.is_server ? abi::kProtocolTls13Server : abi::kProtocolTls13Client;
  }
  return protocols;
}

uint32_t FlagsOf(const CredentialUse& use, const abi::CertContext* leaf) {
  uint32_t flags = abi::kCredStrongCrypto;
  // We judge the chain and choose the certificate ourselves.
  flags |= use.is_server ? abi::kCredNoSystemMapper : abi::kCredManualValidation | abi::kCredNoDefaults;
  // Windows heeds it for servers alone. The session is remembered nevertheless, and can be allowed later.
  if (use.reconnects != Reconnects::kAlways) flags |= abi::kCredDisableReconnects;
  // The certificates that are sent with the leaf come from its own store, and none is fetched.
  if (leaf != nullptr) flags |= abi::kCredMemoryStore | abi::kCredCacheOnlyOnCreate;
  return flags;
}

// Windows would resume for 10 hours; this is how long servers of other backends do.
constexpr uint32_t kSessionLifespan = 7'200'000;

uint32_t LifespanOf(const CredentialUse& use) { return use.reconnects == Reconnects::kNever ? 0 : kSessionLifespan; }

abi::UnicodeString Unicode(std::u16string* text) {
  const auto bytes = static_cast<uint16_t>(text->size() * sizeof(char16_t));
  return {bytes, static_cast<uint16_t>(bytes + sizeof(char16_t)), text->data()};
}

abi::Status Acquire(const CredentialUse& use, void* credentials, CredentialsHandle* handle) {
  std::u16string package = u"Microsoft Unified Security Protocol Provider";
  abi::SecHandle made = kNoHandle;
  int64_t expiry = 0;
  const abi::Status status =
      F().AcquireCredentialsHandleW(nullptr, package.data(), use.is_server ? abi::kCredentialInbound : abi::kCredentialOutbound,
                                    nullptr, credentials, nullptr, nullptr, &made, &expiry);
  if (status == abi::kOk) handle->Hold(made);
  return status;
}

// How many of the algorithms that we disable are named, in turn: not every system accepts them all.
constexpr uint32_t kDisabledCounts[] = {3, 1, 0};

abi::Status AcquireNew(const CredentialUse& use, const abi::CertContext* leaf, uint32_t disabled_count, CredentialsHandle* handle) {
  // CBC is disabled, which leaks through its padding, and so is key exchange without forward secrecy.
  std::u16string aes = u"AES";
  std::u16string cbc = u"ChainingModeCBC";
  std::u16string triple_des = u"3DES";
  std::u16string rsa = u"RSA";
  abi::UnicodeString cbc_mode = Unicode(&cbc);
  abi::CryptoSettings disabled[] = {
      {abi::kUsageCipher, Unicode(&aes), 1, &cbc_mode, 0, 0},
      {abi::kUsageCipher, Unicode(&triple_des), 0, nullptr, 0, 0},
      {abi::kUsageKeyExchange, Unicode(&rsa), 0, nullptr, 0, 0},
  };
  abi::TlsParameters parameters = {};
  parameters.disabled_protocols = ~ProtocolsOf(use);
  parameters.disabled_crypto_count = disabled_count;
  parameters.disabled_crypto = disabled_count == 0 ? nullptr : disabled;
  abi::Credentials credentials = {};
  credentials.version = abi::kCredentialsVersion;
  credentials.flags = FlagsOf(use, leaf);
  credentials.session_lifespan = LifespanOf(use);
  credentials.parameter_count = 1;
  credentials.parameters = &parameters;
  credentials.certificate_count = leaf == nullptr ? 0 : 1;
  credentials.certificates = leaf == nullptr ? nullptr : &leaf;
  return Acquire(use, &credentials, handle);
}

// Acquires with the old structure, which cannot enable TLS 1.3.
abi::Status AcquireOld(const CredentialUse& use, const abi::CertContext* leaf, CredentialsHandle* handle) {
  abi::OldCredentials credentials = {};
  credentials.version = abi::kOldCredentialsVersion;
  credentials.flags = FlagsOf(use, leaf);
  credentials.session_lifespan = LifespanOf(use);
  credentials.enabled_protocols = ProtocolsOf(use) & (abi::kProtocolTls12Client | abi::kProtocolTls12Server);
  credentials.certificate_count = leaf == nullptr ? 0 : 1;
  credentials.certificates = leaf == nullptr ? nullptr : &leaf;
  // If none were enabled, the system would choose.
  if (credentials.enabled_protocols == 0) return abi::kErrorAlgorithmMismatch;
  return Acquire(use, &credentials, handle);
}

}  // namespace

const Abilities& A() { return abilities; }

void FindAbilities() {
  abilities = Abilities();
  abilities.tells_close = F().wine_get_version == nullptr;
  const CredentialUse both = {false, kTls12, kTls13};
  for (const uint32_t disabled_count : kDisabledCounts) {
    CredentialsHandle handle;
    if (AcquireNew(both, nullptr, disabled_count, &handle) != abi::kOk) continue;
    abilities.has_new_credentials = true;
    abilities.disabled_crypto_count = disabled_count;
    uint32_t protocols = 0;
    const bool is_told = F().QueryCredentialsAttributesW(handle.get(), abi::kAttributeSupportedProtocols, &protocols) == abi::kOk;
    abilities.heeds_versions = is_told && (protocols & ~ProtocolsOf(both)) == 0;
    // A system that does not obey it (such as Wine 10) does not know TLS 1.3 in this list either, but speaks it nevertheless.
    abilities.has_tls13 = !abilities.heeds_versions || (protocols & abi::kProtocolTls13Client) != 0;
    return;
  }
}

abi::Status AcquireCredentials(const CredentialUse& use, const abi::CertContext* leaf, CredentialsHandle* handle) {
  const bool is_new_fit = abilities.heeds_versions || use.max_version >= kTls13;
  if (abilities.has_new_credentials && is_new_fit) return AcquireNew(use, leaf, abilities.disabled_crypto_count, handle);
  return AcquireOld(use, leaf, handle);
}

}  // namespace tls::schannel
