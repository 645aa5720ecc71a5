export { AlertDescription, alertName } from './alert.ts';
export { decodeAlpnProtocol, encodeAlpnProtocol } from './alpn.ts';
export { interfaceVersion, maxHeldInput } from './backend.ts';
export type {
  ClientEngineOptions,
  EngineSink,
  TlsBackend,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from './backend.ts';
export { checkDescribedEntries, describedNumbers, maxDescribedEntries } from './described-entries.ts';
export { EngineFrame, type FrameOwner } from './engine-frame.ts';
export { HeldInput } from './held-input.ts';
export { features, featuresAmong } from './capabilities.ts';
export type { BackendCapabilities, Feature, RoleCapabilities } from './capabilities.ts';
export type { CheckedBackend } from './config-rules.ts';
export { checkClientConfig, clientOptions } from './client-config.ts';
export type { CertificateType, ClientConfig, ClientDangerous, CommonConfig } from './client-config.ts';
export type { ConnectionInfo, EarlyDataReason, PeerInfo } from './connection-info.ts';
export { alertOf, familyOf, tlsErrorCodes } from './error-code.ts';
export type { TlsErrorCode, TlsErrorFamily } from './error-code.ts';
export { answerOf, askHook, askHookNow, askVerifyPeerHook, hookError, hookNames } from './hook-answer.ts';
export type { HookAnswers, HookName, SynchronousHookName } from './hook-answer.ts';
export type {
  CertificateCompressor,
  CertificateRequestInfo,
  ClientHelloInfo,
  ExternalPsk,
  PeerVerification,
  ReplayGuard,
  SelectClientIdentity,
  SelectIdentity,
  ServerSessionStore,
  SessionStore,
  TicketKey,
  TicketKeys,
  VerifyPeer,
} from './hooks.ts';
export { ExternalPskDigests } from './external-psk-digests.ts';
export type { Identity, KeyIdentity, RawPublicKeyIdentity, Signer, SignerIdentity } from './identity.ts';
export { formatIpAddress, isIpAddress, parseIpAddress } from './ip-address.ts';
export { checkExport, checkExtendedMainSecret } from './keying-material.ts';
export { MemoryReplayGuard } from './memory-replay-guard.ts';
export { andThen, isPromiseLike, settle } from './maybe-promise.ts';
export type { MaybePromise } from './maybe-promise.ts';
export { ownFields, ownOptions, propertyOf } from './own-options.ts';
export { hookPatience, OptionalHooks, type OptionalHookName } from './optional-hooks.ts';
export { protocolVersions } from './protocol-version.ts';
export type { ProtocolVersion } from './protocol-version.ts';
export { checkServerConfig, serverOptions } from './server-config.ts';
export type { EchKey, ServerConfig, ServerDangerous } from './server-config.ts';
export { certificatesInPem, decodePem, decryptHint, looksLikePem, privateKeyInPem, type PemBlock } from './pem.ts';
export { peerVerifierOptions } from './peer-verifier.ts';
export type {
  ChainJudge,
  PeerRules,
  PeerVerifier,
  PeerVerifierOption,
  PresentedChain,
  Staple,
  VerifiedChain,
} from './peer-verifier.ts';
export { isPinned, readPins, type Pin, type PinDigests } from './pin.ts';
export type { Revocation } from './revocation.ts';
export {
  cipherSuiteNumbers,
  namedGroupNumbers,
  nameOf,
  numberOf,
  registered,
  signatureSchemeNumbers,
  type Registry,
} from './registry.ts';
export { faultOfFirstRecord, isContentType } from './record-start.ts';
export { checkClientEngineOptions } from './client-engine-options.ts';
export { checkServerName, readServerName } from './server-name.ts';
export { maxSessionsPerConnection, maxSessionState, type TlsSession } from './session.ts';
export { withChecksum, withoutChecksum } from './session-checksum.ts';
export { sessionBinding } from './session-binding.ts';
export { TicketKeyRing } from './ticket-key-ring.ts';
export { isUtf8 } from './utf8.ts';
export { isTlsError, TlsError } from './tls-error.ts';
export type { CertificateFailure, RejectedPath, TlsErrorDetails } from './tls-error.ts';
export { certificateProfiles, type CertificateProfile } from './certificate-profile.ts';
export type { TrustAnchor, TrustSource } from './trust.ts';
