#include "policy.hh"

#include <algorithm>

#include "registry.hh"

namespace tls::openssl {
namespace {

struct ConfigurationDeleter {
  void operator()(CONF* configuration) const { F().NCONF_free(configuration); }
};
using ConfigurationOwner = std::unique_ptr<CONF, ConfigurationDeleter>;

// What a context shows of the section for TLS.
constexpr const char* kShown[] = {"MinProtocol", "MaxProtocol", "CipherString", "Ciphersuites"};

constexpr int kLeastLevelOfNode = 2;

// No connection here is older than TLS 1.2 or newer than 1.3, and 0 is no bound.
uint16_t Oldest(const Policy& policy) { return std::max(policy.min_version, kTls12); }
uint16_t Newest(const Policy& policy) { return policy.max_version == 0 ? kTls13 : std::min(policy.max_version, kTls13); }

bool Allows(const Policy& policy, uint16_t suite) {
  return std::find(policy.cipher_suites.begin(), policy.cipher_suites.end(), suite) != policy.cipher_suites.end();
}

}  // namespace

bool HasOtherRules() {
  char* file = F().CONF_get1_default_config_file();
  const ConfigurationOwner configuration(F().NCONF_new(nullptr));
  bool has = false;
  if (file != nullptr && configuration != nullptr && F().NCONF_load(configuration.get(), file, nullptr) == 1) {
    // Each section names the next one.
    const char* section = nullptr;
    for (const char* name : {"openssl_conf", "ssl_conf", "system_default"}) {
      const char* next = F().NCONF_get_string(configuration.get(), section, name);
      if (next == nullptr) {
        section = nullptr;
        break;
      }
      section = next;
    }
    const OPENSSL_STACK* rules = section == nullptr ? nullptr : F().NCONF_get_section(configuration.get(), section);
    int hidden = rules == nullptr ? 0 : F().OPENSSL_sk_num(rules);
    for (const char* name : kShown) {
      if (hidden > 0 && F().NCONF_get_string(configuration.get(), section, name) != nullptr) --hidden;
    }
    has = hidden > 0;
  }
  F().CRYPTO_free(file, __FILE__, __LINE__);
  ForgetErrors();
  return has;
}

bool IsStricter(const Policy& one, const Policy& other) {
  const std::vector<uint16_t> suites = SupportedAlgorithms().cipher_suites;
  return Oldest(one) > Oldest(other) || Newest(one) < Newest(other) || one.security_level > other.security_level ||
         (one.is_fips && !other.is_fips) || std::any_of(suites.begin(), suites.end(), [&](uint16_t suite) {
           return Allows(other, suite) && !Allows(one, suite);
         });
}

std::optional<Policy> ReadPolicy(bool is_of_node) {
  ContextOwner context(F().SSL_CTX_new(F().TLS_client_method()));
  if (context == nullptr) return std::nullopt;
  Policy policy;
  policy.min_version = static_cast<uint16_t>(F().SSL_CTX_ctrl(context.get(), constant::kCtrlGetMinVersion, 0, nullptr));
  policy.max_version = static_cast<uint16_t>(F().SSL_CTX_ctrl(context.get(), constant::kCtrlGetMaxVersion, 0, nullptr));
  policy.security_level = F().SSL_CTX_get_security_level(context.get());
  if (is_of_node) policy.security_level = std::max(policy.security_level, kLeastLevelOfNode);
  const OPENSSL_STACK* suites = F().SSL_CTX_get_ciphers(context.get());
  const int count = suites == nullptr ? 0 : F().OPENSSL_sk_num(suites);
  for (int index = 0; index < count; ++index) {
    policy.cipher_suites.push_back(
        F().SSL_CIPHER_get_protocol_id(static_cast<const SSL_CIPHER*>(F().OPENSSL_sk_value(suites, index))));
  }
  policy.is_fips = F().EVP_default_properties_is_fips_enabled(nullptr) == 1;
  char* file = F().CONF_get1_default_config_file();
  if (file != nullptr) policy.file = file;
  F().CRYPTO_free(file, __FILE__, __LINE__);
  ForgetErrors();
  return policy;
}

}  // namespace tls::openssl
