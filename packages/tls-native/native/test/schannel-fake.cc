#include "schannel-fake.hh"

#include <algorithm>
#include <cstring>

namespace fake {
namespace {

System current;

struct Certificate : abi::CertContext {
  Bytes der;
  void* own_store = nullptr;  // it is freed with this one
};
struct Store {
  std::vector<Bytes> certificates;
};
struct Chain : abi::ChainContext {
  std::vector<std::unique_ptr<abi::ChainElement>> links;
  std::vector<abi::ChainElement*> pointers;
  std::vector<std::unique_ptr<Certificate>> certificates;
  abi::SimpleChain simple = {};
  abi::SimpleChain* simples[1] = {&simple};
};

void Fill(Certificate* certificate, const Bytes& der, void* store) {
  certificate->der = der;
  certificate->encoding = 1;
  certificate->encoded = certificate->der.data();
  certificate->encoded_size = static_cast<uint32_t>(certificate->der.size());
  certificate->store = store;
}
const abi::CertContext* NewCertificate(const Bytes& der, void* store, void* own_store = nullptr) {
  auto* certificate = new Certificate();
  Fill(certificate, der, store);
  certificate->own_store = own_store;
  current.Take("certificate", certificate);
  return certificate;
}

void* NewBuffer(const void* bytes, size_t size) {
  auto* buffer = new uint8_t[size == 0 ? 1 : size];
  if (size > 0) std::memcpy(buffer, bytes, size);
  current.Take("buffer", buffer);
  return buffer;
}

// One property of each certificate is remembered: where its key is.
struct Property {
  uint32_t number = 0;
  std::u16string provider;
  uint32_t flags = 0;
};
std::map<const void*, Property> properties;

abi::Status Acquire(abi::Wide*, abi::Wide*, uint32_t use, void*, void* given, void*, void*, abi::SecHandle* handle, int64_t*) {
  Acquisition acquisition;
  acquisition.version = *static_cast<uint32_t*>(given);
  acquisition.use = use;
  const abi::CertContext* leaf = nullptr;
  if (acquisition.version == abi::kCredentialsVersion) {
    if (!current.knows_new_credentials) return abi::kErrorUnknownCredentials;
    const auto* credentials = static_cast<abi::Credentials*>(given);
    acquisition.flags = credentials->flags;
    acquisition.lifespan = credentials->session_lifespan;
    acquisition.protocols = credentials->parameters->disabled_protocols;
    acquisition.disabled_crypto = credentials->parameters->disabled_crypto_count;
    if (acquisition.disabled_crypto > current.takes_disabled_crypto) return abi::kErrorInvalidParameter;
    if (credentials->certificate_count > 0) leaf = credentials->certificates[0];
  } else {
    const auto* credentials = static_cast<abi::OldCredentials*>(given);
    acquisition.flags = credentials->flags;
    acquisition.lifespan = credentials->session_lifespan;
    acquisition.protocols = credentials->enabled_protocols;
    if (credentials->certificate_count > 0) leaf = credentials->certificates[0];
  }
  if (leaf != nullptr) {
    acquisition.sent = static_cast<Store*>(leaf->store)->certificates;
    acquisition.key_property = properties[leaf].number;
    acquisition.key_provider = properties[leaf].provider;
    acquisition.key_flags = properties[leaf].flags;
  }
  current.acquisitions.push_back(acquisition);
  if (leaf != nullptr && current.acceptable_key != 0 && acquisition.key_property != current.acceptable_key) {
    return abi::kErrorNoCredentials;
  }
  auto* made = new Credentials{leaf != nullptr, acquisition.flags, acquisition.lifespan, ++current.last_number};
  current.Take("credentials", made);
  *handle = {reinterpret_cast<uintptr_t>(made), 1};
  return abi::kOk;
}

abi::Status FreeCredentials(abi::SecHandle* handle) {
  auto* made = reinterpret_cast<Credentials*>(handle->lower);
  current.Free("credentials", made);
  delete made;
  return abi::kOk;
}

abi::Status QueryCredentials(abi::SecHandle*, uint32_t, void* value) {
  *static_cast<uint32_t*>(value) = current.protocols;
  return abi::kOk;
}

abi::Status DoStep(bool is_server, abi::SecHandle* credentials, abi::SecHandle* context, abi::Wide* target, uint32_t requirements,
                   abi::SecBufferDesc* input, abi::SecHandle* made, abi::SecBufferDesc* output) {
  StepCall call;
  call.is_server = is_server;
  call.is_first = context == nullptr;
  call.requirements = requirements;
  if (target != nullptr) call.target = target;
  call.credentials = credentials->lower;
  call.has_certificate = reinterpret_cast<Credentials*>(credentials->lower)->has_certificate;
  abi::SecBuffer* empty = nullptr;
  for (uint32_t index = 0; input != nullptr && index < input->count; ++index) {
    abi::SecBuffer& buffer = input->buffers[index];
    const auto* bytes = static_cast<const uint8_t*>(buffer.data);
    if (buffer.type == abi::kBufferToken) call.input = Bytes(bytes, bytes + buffer.size);
    if (buffer.type == abi::kBufferApplicationProtocols) call.alpn = Bytes(bytes, bytes + buffer.size);
    if (buffer.type == abi::kBufferEmpty && empty == nullptr) empty = &buffer;
    // The system may write where it reads.
    if (buffer.type == abi::kBufferToken) std::memset(buffer.data, 0xEE, buffer.size);
  }
  current.step_calls.push_back(call);
  if (current.steps.empty()) return abi::kErrorInternal;
  const Step step = current.steps.front();
  current.steps.pop_front();
  if (step.shows_peer && step.status >= 0) current.shows_peer = true;
  if (call.is_first && step.status >= 0) {
    auto* session = new SecurityContext{is_server};
    current.Take("context", session);
    *made = {reinterpret_cast<uintptr_t>(session), 2};
    context = made;
    FindSession(session, *reinterpret_cast<Credentials*>(credentials->lower), call.target);
  }
  if (step.status == abi::kOk && !call.input.empty()) {
    KeepSession(reinterpret_cast<SecurityContext*>(context->lower), *reinterpret_cast<Credentials*>(credentials->lower), call.target);
  }
  if (!step.output.empty()) {
    output->buffers[0].data = NewBuffer(step.output.data(), step.output.size());
    output->buffers[0].size = static_cast<uint32_t>(step.output.size());
  }
  if (step.extra > 0 && empty != nullptr) *empty = {static_cast<uint32_t>(step.extra), abi::kBufferExtra, nullptr};
  return step.status;
}

abi::Status Initialize(abi::SecHandle* credentials, abi::SecHandle* context, abi::Wide* target, uint32_t requirements, uint32_t, uint32_t,
                       abi::SecBufferDesc* input, uint32_t, abi::SecHandle* made, abi::SecBufferDesc* output, uint32_t*, int64_t*) {
  return DoStep(false, credentials, context, target, requirements, input, made, output);
}
abi::Status Accept(abi::SecHandle* credentials, abi::SecHandle* context, abi::SecBufferDesc* input, uint32_t requirements, uint32_t,
                   abi::SecHandle* made, abi::SecBufferDesc* output, uint32_t*, int64_t*) {
  return DoStep(true, credentials, context, nullptr, requirements, input, made, output);
}

abi::Status DeleteContext(abi::SecHandle* context) {
  auto* session = reinterpret_cast<SecurityContext*>(context->lower);
  current.Free("context", session);
  delete session;
  return abi::kOk;
}

// Applies a control token. The next step of the script then gives what is sent.
abi::Status Control(abi::SecHandle* context, abi::SecBufferDesc* input) {
  const auto* token = static_cast<const uint32_t*>(input->buffers[0].data);
  current.controls.push_back(token[0]);
  if (token[0] == abi::kControlAlert) {
    current.alerts.push_back(token[2]);
    current.steps.push_front({abi::kOk, Protected("alert " + std::to_string(token[2])), 0, false});
  }
  if (token[0] == abi::kControlSession) SetReconnects(reinterpret_cast<SecurityContext*>(context->lower), token[1]);
  if (token[0] == abi::kControlShutdown) current.steps.push_front({abi::kOk, Protected("close_notify"), 0, false});
  return abi::kOk;
}

abi::Status Query(abi::SecHandle* context, uint32_t attribute, void* value) {
  const auto* session = reinterpret_cast<SecurityContext*>(context->lower);
  switch (attribute) {
    case abi::kAttributeSessionInfo:
      static_cast<abi::SessionInfo*>(value)->flags = session->is_resumed ? abi::kSessionReconnect : 0;
      return abi::kOk;
    case abi::kAttributeStreamSizes:
      *static_cast<abi::StreamSizes*>(value) = current.sizes;
      return abi::kOk;
    case abi::kAttributeRemoteCertificate: {
      // Who resumes shows nothing: it is who it was.
      const std::vector<Bytes>& peer = session->is_resumed ? current.sessions[session->session].peer : current.peer;
      if (!current.shows_peer || peer.empty()) return abi::kErrorNoCredentials;
      // They are in no order, as in the system.
      auto* store = new Store{peer};
      std::reverse(store->certificates.begin(), store->certificates.end());
      *static_cast<const abi::CertContext**>(value) = NewCertificate(peer[0], store, store);
      return abi::kOk;
    }
    case abi::kAttributeCipherInfo: {
      if (!current.has_cipher_info) return abi::kErrorUnsupportedFunction;
      auto* info = static_cast<abi::CipherInfo*>(value);
      info->protocol = current.version;
      info->cipher_suite = current.cipher_suite;
      return abi::kOk;
    }
    case abi::kAttributeConnectionInfo:
      static_cast<abi::ConnectionInfo*>(value)->protocol =
          current.version == 0x0304 ? abi::kProtocolTls13Client : abi::kProtocolTls12Client;
      return abi::kOk;
    case abi::kAttributeApplicationProtocol: {
      auto* protocol = static_cast<abi::ApplicationProtocol*>(value);
      protocol->status = current.alpn.empty() ? 0 : abi::kAlpnAgreed;
      protocol->size = static_cast<uint8_t>(current.alpn.size());
      std::memcpy(protocol->id, current.alpn.data(), current.alpn.size());
      return abi::kOk;
    }
    case abi::kAttributeIssuerList: {
      static std::vector<abi::Blob> blobs;
      blobs.clear();
      for (Bytes& issuer : current.issuers) blobs.push_back({static_cast<uint32_t>(issuer.size()), issuer.data()});
      auto* list = static_cast<abi::IssuerList*>(value);
      list->count = static_cast<uint32_t>(blobs.size());
      list->issuers = static_cast<abi::Blob*>(NewBuffer(blobs.data(), blobs.size() * sizeof(abi::Blob)));
      return abi::kOk;
    }
    case abi::kAttributeSupportedSignatures: {
      auto* list = static_cast<abi::SupportedSignatures*>(value);
      list->count = static_cast<uint16_t>(current.signatures.size());
      list->algorithms = static_cast<uint16_t*>(NewBuffer(current.signatures.data(), current.signatures.size() * 2));
      return abi::kOk;
    }
    case abi::kAttributeKeyingMaterial: {
      const std::string material = "0123456789abcdef";
      auto* out = static_cast<abi::KeyingMaterial*>(value);
      out->size = static_cast<uint32_t>(material.size());
      out->data = static_cast<uint8_t*>(NewBuffer(material.data(), material.size()));
      return abi::kOk;
    }
    default:
      return abi::kErrorUnsupportedFunction;
  }
}

abi::Status SetAttribute(abi::SecHandle*, uint32_t attribute, void* value, uint32_t) {
  if (attribute != abi::kAttributeKeyingMaterialInfo || !current.has_exporter) return abi::kErrorUnsupportedFunction;
  const auto* info = static_cast<abi::KeyingMaterialInfo*>(value);
  current.exported_label = std::string(info->label, info->label_size);
  return abi::kOk;
}

abi::Status FreeBuffer(void* buffer) {
  current.Free("buffer", buffer);
  delete[] static_cast<uint8_t*>(buffer);
  return abi::kOk;
}

abi::Status Encrypt(abi::SecHandle*, uint32_t, abi::SecBufferDesc* message, uint32_t) {
  if (current.encrypt_status != abi::kOk) return current.encrypt_status;
  abi::SecBuffer* buffers = message->buffers;
  const uint32_t size = buffers[1].size;
  current.encrypted.push_back(size);
  constexpr uint32_t kTrailer = 3;  // less than was announced
  const uint8_t header[5] = {23, 3, 3, static_cast<uint8_t>((size + kTrailer) >> 8), static_cast<uint8_t>(size + kTrailer)};
  std::memcpy(buffers[0].data, header, sizeof header);
  std::memset(buffers[2].data, 'T', kTrailer);
  buffers[2].size = kTrailer;
  return abi::kOk;
}

abi::Status Decrypt(abi::SecHandle*, abi::SecBufferDesc* message, uint32_t, uint32_t*) {
  abi::SecBuffer* buffers = message->buffers;
  auto* bytes = static_cast<uint8_t*>(buffers[0].data);
  const uint32_t size = buffers[0].size;
  current.decrypted.emplace_back(bytes, bytes + size);
  Decryption decryption;
  if (current.decryptions.empty()) {
    decryption.data.assign(reinterpret_cast<char*>(bytes) + 5, size - 5);
  } else {
    decryption = current.decryptions.front();
    current.decryptions.pop_front();
  }
  if (decryption.status < 0) return decryption.status;
  if (!decryption.data.empty()) {
    std::memcpy(bytes, decryption.data.data(), decryption.data.size());
    buffers[0].type = abi::kBufferStreamHeader;
    buffers[1] = {static_cast<uint32_t>(decryption.data.size()), abi::kBufferData, bytes};
  }
  if (decryption.extra > 0) {
    buffers[3] = {static_cast<uint32_t>(decryption.extra), abi::kBufferExtra, bytes + size - decryption.extra};
  }
  return decryption.status;
}

void* OpenStore(const char*, uint32_t, uintptr_t, uint32_t, const void*) {
  auto* store = new Store();
  current.Take("store", store);
  return store;
}
abi::Bool CloseStore(void* store, uint32_t) {
  current.Free("store", store);
  delete static_cast<Store*>(store);
  return 1;
}
abi::Bool AddEncoded(void* store, uint32_t, const uint8_t* encoded, uint32_t size, uint32_t, const abi::CertContext** added) {
  const Bytes der(encoded, encoded + size);
  static_cast<Store*>(store)->certificates.push_back(der);
  if (added != nullptr) *added = NewCertificate(der, store);
  return 1;
}
abi::Bool FreeCertificate(const abi::CertContext* certificate) {
  auto* held = const_cast<Certificate*>(static_cast<const Certificate*>(certificate));
  current.Free("certificate", held);
  properties.erase(held);
  delete static_cast<Store*>(held->own_store);
  delete held;
  return 1;
}
const abi::CertContext* Enumerate(void* store, const abi::CertContext* previous) {
  const auto& all = static_cast<Store*>(store)->certificates;
  size_t next = 0;
  if (previous != nullptr) {
    const Bytes before(previous->encoded, previous->encoded + previous->encoded_size);
    next = static_cast<size_t>(std::find(all.begin(), all.end(), before) - all.begin()) + 1;
    FreeCertificate(previous);
  }
  return next < all.size() ? NewCertificate(all[next], store) : nullptr;
}
abi::Bool SetProperty(const abi::CertContext* certificate, uint32_t property, uint32_t, const void* value) {
  Property& set = properties[certificate];
  set = {property, {}, 0};
  if (property == abi::kPropertyKeyProviderInfo) {
    const auto* info = static_cast<const abi::KeyProviderInfo*>(value);
    set.provider = info->provider;
    set.flags = info->flags;
  }
  return 1;
}
abi::Bool GetProperty(const abi::CertContext*, uint32_t, void*, uint32_t*) { return 0; }

abi::Bool CreateChainEngine(abi::ChainEngineConfig* config, void** engine) {
  current.engine_configs.push_back(*config);
  current.exclusive_roots = static_cast<Store*>(config->exclusive_root)->certificates;
  *engine = new int(0);
  current.Take("engine", *engine);
  return 1;
}
void FreeChainEngine(void* engine) {
  current.Free("engine", engine);
  delete static_cast<int*>(engine);
}

abi::Bool GetChain(void* engine, const abi::CertContext*, abi::FileTime* time, void*, abi::ChainPara* para, uint32_t flags, void*,
                   const abi::ChainContext** made) {
  current.chain_flags.push_back(flags);
  current.fetch_timeout = para->url_timeout;
  current.chain_engines.push_back(engine);
  current.chain_purposes.emplace_back(para->usage.usage.identifiers[0]);
  current.chain_time = static_cast<uint64_t>(time->high) << 32 | time->low;
  const bool is_system = engine == nullptr && !current.system_chain.empty();
  auto* chain = new Chain();
  for (const ChainLink& link : is_system ? current.system_chain : current.chain) {
    chain->certificates.push_back(std::make_unique<Certificate>());
    Fill(chain->certificates.back().get(), link.certificate, nullptr);
    chain->links.push_back(std::make_unique<abi::ChainElement>());
    *chain->links.back() = {};
    chain->links.back()->certificate = chain->certificates.back().get();
    chain->links.back()->trust = {link.errors, link.info};
    chain->pointers.push_back(chain->links.back().get());
  }
  chain->trust = {is_system ? current.system_chain_errors : current.chain_errors, 0};
  chain->links.front()->trust.errors |= current.chain_errors_of_leaf;
  chain->simple.trust = chain->trust;
  chain->simple.count = static_cast<uint32_t>(chain->pointers.size());
  chain->simple.elements = chain->pointers.data();
  chain->count = 1;
  chain->chains = chain->simples;
  current.Take("chain", chain);
  *made = chain;
  return 1;
}
void FreeChain(const abi::ChainContext* chain) {
  auto* held = const_cast<Chain*>(static_cast<const Chain*>(chain));
  current.Free("chain", held);
  delete held;
}
abi::Bool VerifyPolicy(const char*, const abi::ChainContext*, abi::PolicyPara* para, abi::PolicyStatus* status) {
  current.policy_flags.push_back(para->flags);
  status->error = current.policy_error;
  // Wine's policy obeys the checks of the SSL policy here, and not the flags.
  const auto* ssl = static_cast<const abi::SslPolicyPara*>(para->extra);
  const bool is_unknown = ((current.chain_errors | current.chain_errors_of_leaf) & abi::kTrustUnknownStatus) != 0;
  if (is_unknown && (ssl->checks & abi::kChecksIgnoreRevocation) == 0) status->error = 0x80092012;  // CRYPT_E_NO_REVOCATION_CHECK
  status->chain_index = status->element_index = -1;
  return 1;
}

abi::Status EnumerateSuites(uint32_t, const abi::Wide*, uint32_t, uint32_t*, abi::ContextFunctions** found) {
  if (current.suites.empty()) return -1;
  static std::vector<abi::Wide*> names;
  names.clear();
  for (std::u16string& name : current.suites) names.push_back(name.data());
  const abi::ContextFunctions list = {static_cast<uint32_t>(names.size()), names.data()};
  *found = static_cast<abi::ContextFunctions*>(NewBuffer(&list, sizeof list));
  return 0;
}
void FreeSuites(void* buffer) { FreeBuffer(buffer); }

tls::schannel::Functions MakeTable() {
  tls::schannel::Functions table = {};
  table.AcquireCredentialsHandleW = Acquire;
  table.FreeCredentialsHandle = FreeCredentials;
  table.QueryCredentialsAttributesW = QueryCredentials;
  table.InitializeSecurityContextW = Initialize;
  table.AcceptSecurityContext = Accept;
  table.DeleteSecurityContext = DeleteContext;
  table.ApplyControlToken = Control;
  table.QueryContextAttributesW = Query;
  table.SetContextAttributesW = SetAttribute;
  table.FreeContextBuffer = FreeBuffer;
  table.EncryptMessage = Encrypt;
  table.DecryptMessage = Decrypt;
  table.CertOpenStore = OpenStore;
  table.CertCloseStore = CloseStore;
  table.CertAddEncodedCertificateToStore = AddEncoded;
  table.CertEnumCertificatesInStore = Enumerate;
  table.CertFreeCertificateContext = FreeCertificate;
  table.CertSetCertificateContextProperty = SetProperty;
  table.CertGetCertificateContextProperty = GetProperty;
  table.CertCreateCertificateChainEngine = CreateChainEngine;
  table.CertFreeCertificateChainEngine = FreeChainEngine;
  table.CertGetCertificateChain = GetChain;
  table.CertFreeCertificateChain = FreeChain;
  table.CertVerifyCertificateChainPolicy = VerifyPolicy;
  table.BCryptEnumContextFunctions = EnumerateSuites;
  table.BCryptFreeBuffer = FreeSuites;
  FillKeys(&table);
  return table;
}

}  // namespace

System& Sys() { return current; }
const tls::schannel::Functions& Table() {
  static const tls::schannel::Functions table = MakeTable();
  return table;
}

}  // namespace fake

namespace tls::schannel {

bool LoadLibraryOf(Library* library, std::vector<std::string>*) {
  library->functions = &fake::Table();
  library->path = "C:\\fake\\secur32.dll";
  library->version = "10.0.19043";
  return true;
}

}  // namespace tls::schannel
