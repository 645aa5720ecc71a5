#include "policy.hh"

namespace tls::openssl {

std::optional<Policy> ReadPolicy() {
  ContextOwner context(F().SSL_CTX_new(F().TLS_client_method()));
  if (context == nullptr) return std::nullopt;
  Policy policy;
  policy.min_version = static_cast<uint16_t>(F().SSL_CTX_ctrl(context.get(), constant::kCtrlGetMinVersion, 0, nullptr));
  policy.max_version = static_cast<uint16_t>(F().SSL_CTX_ctrl(context.get(), constant::kCtrlGetMaxVersion, 0, nullptr));
  policy.security_level = F().SSL_CTX_get_security_level(context.get());
  const OPENSSL_STACK* suites = F().SSL_CTX_get_ciphers(context.get());
  const int count = suites == nullptr ? 0 : F().OPENSSL_sk_num(suites);
  for (int index = 0; index < count; ++index) {
    policy.cipher_suites.push_back(
        F().SSL_CIPHER_get_protocol_id(static_cast<const SSL_CIPHER*>(F().OPENSSL_sk_value(suites, index))));
  }
  char* file = F().CONF_get1_default_config_file();
  if (file != nullptr) policy.file = file;
  F().CRYPTO_free(file, __FILE__, __LINE__);
  F().ERR_clear_error();
  return policy;
}

}  // namespace tls::openssl
