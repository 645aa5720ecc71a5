// Compares what abi.hh and abi-crypt.hh declare with the system's headers. It is compiled for Windows only.
#ifdef _WIN32

#define NTDDI_VERSION 0x0A000007
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#define CERT_CHAIN_PARA_HAS_EXTRA_FIELDS
#include <windows.h>
#include <winternl.h>
// These headers must come in this order.
#include <security.h>
#include <schannel.h>
#include <bcrypt.h>
#include <ncrypt.h>
#include <wincrypt.h>
#include <wininet.h>

#include "abi-crypt.hh"

namespace tls::schannel::abi {
namespace {

#define TLS_SAME_SIZE(ours, theirs) \
  static_assert(sizeof(ours) == sizeof(theirs) && alignof(ours) == alignof(theirs), #theirs)
#define TLS_SAME_PLACE(ours, member, theirs, their_member)                                                              \
  static_assert(offsetof(ours, member) == offsetof(theirs, their_member) && sizeof(ours::member) == sizeof(theirs::their_member), \
                #theirs "." #their_member)
#define TLS_SAME_NUMBER(ours, theirs) static_assert(static_cast<uint32_t>(ours) == static_cast<uint32_t>(theirs), #theirs)

static_assert(sizeof(Wide) == sizeof(WCHAR), "WCHAR");
TLS_SAME_SIZE(SecHandle, ::CtxtHandle);
TLS_SAME_SIZE(SecBuffer, ::SecBuffer);
TLS_SAME_PLACE(SecBuffer, size, ::SecBuffer, cbBuffer);
TLS_SAME_PLACE(SecBuffer, type, ::SecBuffer, BufferType);
TLS_SAME_PLACE(SecBuffer, data, ::SecBuffer, pvBuffer);
TLS_SAME_SIZE(SecBufferDesc, ::SecBufferDesc);
TLS_SAME_PLACE(SecBufferDesc, count, ::SecBufferDesc, cBuffers);
TLS_SAME_PLACE(SecBufferDesc, buffers, ::SecBufferDesc, pBuffers);
TLS_SAME_SIZE(int64_t, ::TimeStamp);
TLS_SAME_SIZE(StreamSizes, ::SecPkgContext_StreamSizes);
TLS_SAME_PLACE(StreamSizes, maximum_message, ::SecPkgContext_StreamSizes, cbMaximumMessage);
TLS_SAME_SIZE(ApplicationProtocol, ::SecPkgContext_ApplicationProtocol);
TLS_SAME_PLACE(ApplicationProtocol, size, ::SecPkgContext_ApplicationProtocol, ProtocolIdSize);
TLS_SAME_PLACE(ApplicationProtocol, id, ::SecPkgContext_ApplicationProtocol, ProtocolId);
TLS_SAME_SIZE(IssuerList, ::SecPkgContext_IssuerListInfoEx);
TLS_SAME_PLACE(IssuerList, count, ::SecPkgContext_IssuerListInfoEx, cIssuers);
TLS_SAME_SIZE(Blob, ::CERT_NAME_BLOB);
TLS_SAME_PLACE(Blob, data, ::CERT_NAME_BLOB, pbData);
TLS_SAME_SIZE(ConnectionInfo, ::SecPkgContext_ConnectionInfo);
TLS_SAME_SIZE(CipherInfo, ::SecPkgContext_CipherInfo);
TLS_SAME_PLACE(CipherInfo, cipher_suite, ::SecPkgContext_CipherInfo, dwCipherSuite);
TLS_SAME_PLACE(CipherInfo, key_type, ::SecPkgContext_CipherInfo, dwKeyType);
TLS_SAME_SIZE(SessionInfo, ::SecPkgContext_SessionInfo);
TLS_SAME_PLACE(SessionInfo, flags, ::SecPkgContext_SessionInfo, dwFlags);
TLS_SAME_SIZE(SupportedSignatures, ::SecPkgContext_SupportedSignatures);
TLS_SAME_PLACE(SupportedSignatures, algorithms, ::SecPkgContext_SupportedSignatures, pSignatureAndHashAlgorithms);
TLS_SAME_SIZE(KeyingMaterialInfo, ::SecPkgContext_KeyingMaterialInfo);
TLS_SAME_PLACE(KeyingMaterialInfo, context_size, ::SecPkgContext_KeyingMaterialInfo, cbContextValue);
TLS_SAME_PLACE(KeyingMaterialInfo, size, ::SecPkgContext_KeyingMaterialInfo, cbKeyingMaterial);
TLS_SAME_SIZE(KeyingMaterial, ::SecPkgContext_KeyingMaterial);
TLS_SAME_SIZE(UnicodeString, ::UNICODE_STRING);
TLS_SAME_SIZE(CryptoSettings, ::CRYPTO_SETTINGS);
TLS_SAME_PLACE(CryptoSettings, chaining_modes, ::CRYPTO_SETTINGS, rgstrChainingModes);
TLS_SAME_SIZE(TlsParameters, ::TLS_PARAMETERS);
TLS_SAME_PLACE(TlsParameters, disabled_protocols, ::TLS_PARAMETERS, grbitDisabledProtocols);
TLS_SAME_PLACE(TlsParameters, disabled_crypto, ::TLS_PARAMETERS, pDisabledCrypto);
TLS_SAME_SIZE(Credentials, ::SCH_CREDENTIALS);
TLS_SAME_PLACE(Credentials, certificates, ::SCH_CREDENTIALS, paCred);
TLS_SAME_PLACE(Credentials, session_lifespan, ::SCH_CREDENTIALS, dwSessionLifespan);
TLS_SAME_PLACE(Credentials, flags, ::SCH_CREDENTIALS, dwFlags);
TLS_SAME_PLACE(Credentials, parameters, ::SCH_CREDENTIALS, pTlsParameters);
TLS_SAME_SIZE(OldCredentials, ::SCHANNEL_CRED);
TLS_SAME_PLACE(OldCredentials, certificates, ::SCHANNEL_CRED, paCred);
TLS_SAME_PLACE(OldCredentials, enabled_protocols, ::SCHANNEL_CRED, grbitEnabledProtocols);
TLS_SAME_PLACE(OldCredentials, session_lifespan, ::SCHANNEL_CRED, dwSessionLifespan);
TLS_SAME_PLACE(OldCredentials, flags, ::SCHANNEL_CRED, dwFlags);
TLS_SAME_SIZE(AlertToken, ::SCHANNEL_ALERT_TOKEN);
TLS_SAME_SIZE(SessionToken, ::SCHANNEL_SESSION_TOKEN);
TLS_SAME_PLACE(SessionToken, flags, ::SCHANNEL_SESSION_TOKEN, dwFlags);
TLS_SAME_SIZE(CertContext, ::CERT_CONTEXT);
TLS_SAME_PLACE(CertContext, encoded, ::CERT_CONTEXT, pbCertEncoded);
TLS_SAME_PLACE(CertContext, store, ::CERT_CONTEXT, hCertStore);
TLS_SAME_SIZE(FileTime, ::FILETIME);
TLS_SAME_SIZE(ChainElement, ::CERT_CHAIN_ELEMENT);
TLS_SAME_PLACE(ChainElement, trust, ::CERT_CHAIN_ELEMENT, TrustStatus);
TLS_SAME_SIZE(SimpleChain, ::CERT_SIMPLE_CHAIN);
TLS_SAME_PLACE(SimpleChain, elements, ::CERT_SIMPLE_CHAIN, rgpElement);
TLS_SAME_SIZE(ChainContext, ::CERT_CHAIN_CONTEXT);
TLS_SAME_PLACE(ChainContext, trust, ::CERT_CHAIN_CONTEXT, TrustStatus);
TLS_SAME_PLACE(ChainContext, chains, ::CERT_CHAIN_CONTEXT, rgpChain);
TLS_SAME_SIZE(UsageMatch, ::CERT_USAGE_MATCH);
TLS_SAME_PLACE(UsageMatch, usage, ::CERT_USAGE_MATCH, Usage);
TLS_SAME_PLACE(ChainPara, usage, ::CERT_CHAIN_PARA, RequestedUsage);
TLS_SAME_PLACE(ChainPara, url_timeout, ::CERT_CHAIN_PARA, dwUrlRetrievalTimeout);
TLS_SAME_PLACE(ChainPara, cache_resync, ::CERT_CHAIN_PARA, pftCacheResync);
TLS_SAME_SIZE(ChainEngineConfig, ::CERT_CHAIN_ENGINE_CONFIG);
TLS_SAME_PLACE(ChainEngineConfig, exclusive_root, ::CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot);
TLS_SAME_PLACE(ChainEngineConfig, exclusive_flags, ::CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags);
TLS_SAME_SIZE(SslPolicyPara, ::SSL_EXTRA_CERT_CHAIN_POLICY_PARA);
TLS_SAME_PLACE(SslPolicyPara, server_name, ::SSL_EXTRA_CERT_CHAIN_POLICY_PARA, pwszServerName);
TLS_SAME_SIZE(PolicyPara, ::CERT_CHAIN_POLICY_PARA);
TLS_SAME_SIZE(PolicyStatus, ::CERT_CHAIN_POLICY_STATUS);
TLS_SAME_PLACE(PolicyStatus, error, ::CERT_CHAIN_POLICY_STATUS, dwError);
TLS_SAME_SIZE(KeyContext, ::CERT_KEY_CONTEXT);
TLS_SAME_PLACE(KeyContext, spec, ::CERT_KEY_CONTEXT, dwKeySpec);
TLS_SAME_SIZE(KeyProviderInfo, ::CRYPT_KEY_PROV_INFO);
TLS_SAME_PLACE(KeyProviderInfo, key_spec, ::CRYPT_KEY_PROV_INFO, dwKeySpec);
TLS_SAME_SIZE(KeyName, ::NCryptKeyName);
TLS_SAME_PLACE(KeyName, old_spec, ::NCryptKeyName, dwLegacyKeySpec);
TLS_SAME_SIZE(ContextFunctions, ::CRYPT_CONTEXT_FUNCTIONS);

TLS_SAME_NUMBER(kBufferEmpty, SECBUFFER_EMPTY);
TLS_SAME_NUMBER(kBufferData, SECBUFFER_DATA);
TLS_SAME_NUMBER(kBufferToken, SECBUFFER_TOKEN);
TLS_SAME_NUMBER(kBufferExtra, SECBUFFER_EXTRA);
TLS_SAME_NUMBER(kBufferStreamTrailer, SECBUFFER_STREAM_TRAILER);
TLS_SAME_NUMBER(kBufferStreamHeader, SECBUFFER_STREAM_HEADER);
TLS_SAME_NUMBER(kBufferApplicationProtocols, SECBUFFER_APPLICATION_PROTOCOLS);
TLS_SAME_NUMBER(kReqReplayDetect, ISC_REQ_REPLAY_DETECT);
TLS_SAME_NUMBER(kReqSequenceDetect, ISC_REQ_SEQUENCE_DETECT);
TLS_SAME_NUMBER(kReqConfidentiality, ISC_REQ_CONFIDENTIALITY);
TLS_SAME_NUMBER(kReqUseSuppliedCredentials, ISC_REQ_USE_SUPPLIED_CREDS);
TLS_SAME_NUMBER(kReqAllocateMemory, ISC_REQ_ALLOCATE_MEMORY);
TLS_SAME_NUMBER(kClientReqExtendedError, ISC_REQ_EXTENDED_ERROR);
TLS_SAME_NUMBER(kClientReqStream, ISC_REQ_STREAM);
TLS_SAME_NUMBER(kClientReqManualValidation, ISC_REQ_MANUAL_CRED_VALIDATION);
TLS_SAME_NUMBER(kReqMutualAuth, ASC_REQ_MUTUAL_AUTH);
TLS_SAME_NUMBER(kReqReplayDetect, ASC_REQ_REPLAY_DETECT);
TLS_SAME_NUMBER(kReqSequenceDetect, ASC_REQ_SEQUENCE_DETECT);
TLS_SAME_NUMBER(kReqConfidentiality, ASC_REQ_CONFIDENTIALITY);
TLS_SAME_NUMBER(kReqAllocateMemory, ASC_REQ_ALLOCATE_MEMORY);
TLS_SAME_NUMBER(kServerReqExtendedError, ASC_REQ_EXTENDED_ERROR);
TLS_SAME_NUMBER(kServerReqStream, ASC_REQ_STREAM);
TLS_SAME_NUMBER(kCredentialInbound, SECPKG_CRED_INBOUND);
TLS_SAME_NUMBER(kCredentialOutbound, SECPKG_CRED_OUTBOUND);
TLS_SAME_NUMBER(kAlpnExtension, SecApplicationProtocolNegotiationExt_ALPN);
TLS_SAME_NUMBER(kAlpnAgreed, SecApplicationProtocolNegotiationStatus_Success);
TLS_SAME_NUMBER(kAttributeStreamSizes, SECPKG_ATTR_STREAM_SIZES);
TLS_SAME_NUMBER(kAttributeApplicationProtocol, SECPKG_ATTR_APPLICATION_PROTOCOL);
TLS_SAME_NUMBER(kAttributeRemoteCertificate, SECPKG_ATTR_REMOTE_CERT_CONTEXT);
TLS_SAME_NUMBER(kAttributeSupportedProtocols, SECPKG_ATTR_SUPPORTED_PROTOCOLS);
TLS_SAME_NUMBER(kAttributeIssuerList, SECPKG_ATTR_ISSUER_LIST_EX);
TLS_SAME_NUMBER(kAttributeConnectionInfo, SECPKG_ATTR_CONNECTION_INFO);
TLS_SAME_NUMBER(kAttributeSessionInfo, SECPKG_ATTR_SESSION_INFO);
TLS_SAME_NUMBER(kAttributeCipherInfo, SECPKG_ATTR_CIPHER_INFO);
TLS_SAME_NUMBER(kAttributeSupportedSignatures, SECPKG_ATTR_SUPPORTED_SIGNATURES);
TLS_SAME_NUMBER(kAttributeKeyingMaterialInfo, SECPKG_ATTR_KEYING_MATERIAL_INFO);
TLS_SAME_NUMBER(kAttributeKeyingMaterial, SECPKG_ATTR_KEYING_MATERIAL);
TLS_SAME_NUMBER(kUsageKeyExchange, TlsParametersCngAlgUsageKeyExchange);
TLS_SAME_NUMBER(kUsageCipher, TlsParametersCngAlgUsageCipher);
TLS_SAME_NUMBER(kCredentialsVersion, SCH_CREDENTIALS_VERSION);
TLS_SAME_NUMBER(kOldCredentialsVersion, SCHANNEL_CRED_VERSION);
TLS_SAME_NUMBER(kCredNoSystemMapper, SCH_CRED_NO_SYSTEM_MAPPER);
TLS_SAME_NUMBER(kCredManualValidation, SCH_CRED_MANUAL_CRED_VALIDATION);
TLS_SAME_NUMBER(kCredNoDefaults, SCH_CRED_NO_DEFAULT_CREDS);
TLS_SAME_NUMBER(kCredDisableReconnects, SCH_CRED_DISABLE_RECONNECTS);
TLS_SAME_NUMBER(kCredMemoryStore, SCH_CRED_MEMORY_STORE_CERT);
TLS_SAME_NUMBER(kCredCacheOnlyOnCreate, SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE);
TLS_SAME_NUMBER(kCredStrongCrypto, SCH_USE_STRONG_CRYPTO);
TLS_SAME_NUMBER(kProtocolTls12Server, SP_PROT_TLS1_2_SERVER);
TLS_SAME_NUMBER(kProtocolTls12Client, SP_PROT_TLS1_2_CLIENT);
TLS_SAME_NUMBER(kProtocolTls13Server, SP_PROT_TLS1_3_SERVER);
TLS_SAME_NUMBER(kProtocolTls13Client, SP_PROT_TLS1_3_CLIENT);
TLS_SAME_NUMBER(kControlShutdown, SCHANNEL_SHUTDOWN);
TLS_SAME_NUMBER(kControlAlert, SCHANNEL_ALERT);
TLS_SAME_NUMBER(kControlSession, SCHANNEL_SESSION);
TLS_SAME_NUMBER(kSessionReconnect, SSL_SESSION_RECONNECT);
TLS_SAME_NUMBER(kSessionEnableReconnects, SSL_SESSION_ENABLE_RECONNECTS);
TLS_SAME_NUMBER(kSessionDisableReconnects, SSL_SESSION_DISABLE_RECONNECTS);
TLS_SAME_NUMBER(kContinueNeeded, SEC_I_CONTINUE_NEEDED);
TLS_SAME_NUMBER(kContextExpired, SEC_I_CONTEXT_EXPIRED);
TLS_SAME_NUMBER(kIncompleteCredentials, SEC_I_INCOMPLETE_CREDENTIALS);
TLS_SAME_NUMBER(kRenegotiate, SEC_I_RENEGOTIATE);
TLS_SAME_NUMBER(kErrorUnsupportedFunction, SEC_E_UNSUPPORTED_FUNCTION);
TLS_SAME_NUMBER(kErrorInternal, SEC_E_INTERNAL_ERROR);
TLS_SAME_NUMBER(kErrorInvalidToken, SEC_E_INVALID_TOKEN);
TLS_SAME_NUMBER(kErrorLogonDenied, SEC_E_LOGON_DENIED);
TLS_SAME_NUMBER(kErrorUnknownCredentials, SEC_E_UNKNOWN_CREDENTIALS);
TLS_SAME_NUMBER(kErrorNoCredentials, SEC_E_NO_CREDENTIALS);
TLS_SAME_NUMBER(kErrorMessageAltered, SEC_E_MESSAGE_ALTERED);
TLS_SAME_NUMBER(kErrorOutOfSequence, SEC_E_OUT_OF_SEQUENCE);
TLS_SAME_NUMBER(kErrorContextExpired, SEC_E_CONTEXT_EXPIRED);
TLS_SAME_NUMBER(kErrorIncompleteMessage, SEC_E_INCOMPLETE_MESSAGE);
TLS_SAME_NUMBER(kErrorWrongPrincipal, SEC_E_WRONG_PRINCIPAL);
TLS_SAME_NUMBER(kErrorUntrustedRoot, SEC_E_UNTRUSTED_ROOT);
TLS_SAME_NUMBER(kErrorIllegalMessage, SEC_E_ILLEGAL_MESSAGE);
TLS_SAME_NUMBER(kErrorCertUnknown, SEC_E_CERT_UNKNOWN);
TLS_SAME_NUMBER(kErrorCertExpired, SEC_E_CERT_EXPIRED);
TLS_SAME_NUMBER(kErrorDecryptFailure, SEC_E_DECRYPT_FAILURE);
TLS_SAME_NUMBER(kErrorAlgorithmMismatch, SEC_E_ALGORITHM_MISMATCH);
TLS_SAME_NUMBER(kErrorUnfinishedContextDeleted, SEC_E_UNFINISHED_CONTEXT_DELETED);
TLS_SAME_NUMBER(kErrorRevoked, CRYPT_E_REVOKED);
TLS_SAME_NUMBER(kErrorInvalidParameter, SEC_E_INVALID_PARAMETER);
TLS_SAME_NUMBER(kErrorProtocolMismatch, SEC_E_APPLICATION_PROTOCOL_MISMATCH);
TLS_SAME_NUMBER(kExclusiveEnableCa, CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG);
TLS_SAME_NUMBER(kChainCacheOnlyUrlRetrieval, CERT_CHAIN_CACHE_ONLY_URL_RETRIEVAL);
TLS_SAME_NUMBER(kChainDisableRootAutoUpdate, CERT_CHAIN_DISABLE_AUTH_ROOT_AUTO_UPDATE);
TLS_SAME_NUMBER(kChainDisableAia, CERT_CHAIN_DISABLE_AIA);
TLS_SAME_NUMBER(kChainRevocationAccumulativeTimeout, CERT_CHAIN_REVOCATION_ACCUMULATIVE_TIMEOUT);
TLS_SAME_NUMBER(kChainRevocationEndCert, CERT_CHAIN_REVOCATION_CHECK_END_CERT);
TLS_SAME_NUMBER(kChainRevocationExcludeRoot, CERT_CHAIN_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT);
TLS_SAME_NUMBER(kChainRevocationCacheOnly, CERT_CHAIN_REVOCATION_CHECK_CACHE_ONLY);
TLS_SAME_NUMBER(kPolicyIgnoreUnknownStatus, CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS);
TLS_SAME_NUMBER(kTrustUnknownStatus, CERT_TRUST_REVOCATION_STATUS_UNKNOWN | CERT_TRUST_IS_OFFLINE_REVOCATION);
TLS_SAME_NUMBER(kChecksIgnoreRevocation, SECURITY_FLAG_IGNORE_REVOCATION);
TLS_SAME_NUMBER(kAuthTypeClient, AUTHTYPE_CLIENT);
TLS_SAME_NUMBER(kAuthTypeServer, AUTHTYPE_SERVER);
TLS_SAME_NUMBER(kPolicyAllowUnknownCa, CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG);
TLS_SAME_NUMBER(kTrustNotTimeValid, CERT_TRUST_IS_NOT_TIME_VALID);
TLS_SAME_NUMBER(kTrustRevoked, CERT_TRUST_IS_REVOKED);
TLS_SAME_NUMBER(kTrustBadSignature, CERT_TRUST_IS_NOT_SIGNATURE_VALID);
TLS_SAME_NUMBER(kTrustWrongUsage, CERT_TRUST_IS_NOT_VALID_FOR_USAGE);
TLS_SAME_NUMBER(kTrustUntrustedRoot, CERT_TRUST_IS_UNTRUSTED_ROOT);
TLS_SAME_NUMBER(kTrustInvalidExtension, CERT_TRUST_INVALID_EXTENSION);
TLS_SAME_NUMBER(kTrustInvalidBasicConstraints, CERT_TRUST_INVALID_BASIC_CONSTRAINTS);
TLS_SAME_NUMBER(kTrustPartialChain, CERT_TRUST_IS_PARTIAL_CHAIN);
TLS_SAME_NUMBER(kTrustWeakSignature, CERT_TRUST_HAS_WEAK_SIGNATURE);
TLS_SAME_NUMBER(kTrustExplicitDistrust, CERT_TRUST_IS_EXPLICIT_DISTRUST);
TLS_SAME_NUMBER(kTrustCriticalExtension, CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT);
TLS_SAME_NUMBER(kUsageMatchAnd, USAGE_MATCH_TYPE_AND);
TLS_SAME_NUMBER(kX509Encoding, X509_ASN_ENCODING);
TLS_SAME_NUMBER(kAddAlways, CERT_STORE_ADD_ALWAYS);
TLS_SAME_NUMBER(kPropertyKeyProviderInfo, CERT_KEY_PROV_INFO_PROP_ID);
TLS_SAME_NUMBER(kPropertyKeyContext, CERT_KEY_CONTEXT_PROP_ID);
TLS_SAME_NUMBER(kPropertyOcspResponse, CERT_OCSP_RESPONSE_PROP_ID);
TLS_SAME_NUMBER(kNoCryptRelease, CERT_STORE_NO_CRYPT_RELEASE_FLAG);
TLS_SAME_NUMBER(kSilent, NCRYPT_SILENT_FLAG);
TLS_SAME_NUMBER(kSilent, CRYPT_SILENT);
TLS_SAME_NUMBER(kMachineKeys, NCRYPT_MACHINE_KEY_FLAG);
TLS_SAME_NUMBER(kMachineKeys, CRYPT_MACHINE_KEYSET);
TLS_SAME_NUMBER(kVerifyContext, CRYPT_VERIFYCONTEXT);
TLS_SAME_NUMBER(kEnumContainers, PP_ENUMCONTAINERS);
TLS_SAME_NUMBER(kFirst, CRYPT_FIRST);
TLS_SAME_NUMBER(kNext, CRYPT_NEXT);
TLS_SAME_NUMBER(kNewKeySet, CRYPT_NEWKEYSET);
TLS_SAME_NUMBER(kDeleteKeySet, CRYPT_DELETEKEYSET);
TLS_SAME_NUMBER(kProviderRsaAes, PROV_RSA_AES);
TLS_SAME_NUMBER(kKeyExchangeSpec, AT_KEYEXCHANGE);
TLS_SAME_NUMBER(kRsaKeyExchange, CALG_RSA_KEYX);
TLS_SAME_NUMBER(kLocalTable, CRYPT_LOCAL);
TLS_SAME_NUMBER(kSchannelInterface, NCRYPT_SCHANNEL_INTERFACE);

}  // namespace
}  // namespace tls::schannel::abi

#endif
