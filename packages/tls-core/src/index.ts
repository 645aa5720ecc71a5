export { AlertDescription, alertName } from './alert.ts';
export { decodeAlpnProtocol, encodeAlpnProtocol } from './alpn.ts';
export { interfaceVersion, type TlsBackend } from './backend.ts';
export { maxHeldInput } from './engine.ts';
export type {
  ClientEngineOptions,
  EngineSink,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from './engine.ts';
export { checkDescribedEntries, describedNumbers, maxDescribedEntries } from './described-entries.ts';
export { EngineFrame, type FrameOwner } from './engine-frame.ts';
export { HeldInput } from './held-input.ts';
export { features } from './capabilities.ts';
export type { BackendCapabilities, BackendDescription, Feature, RoleCapabilities } from './capabilities.ts';
export type { CheckedBackend } from './check-config.ts';
export { checkClientConfig, clientOptions } from './client-config.ts';
export type { ClientConfig, ClientDangerous } from './client-config.ts';
export type { CertificateType, CommonConfig } from './common-config.ts';
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
export { MemoryReplayGuard } from './memory-replay-guard.ts';
export { isPromiseLike } from './maybe-promise.ts';
export type { MaybePromise } from './maybe-promise.ts';
export { optionNames, ownFields, ownOptions, propertyOf } from './own-options.ts';
export { hookPatience, OptionalHooks, type OptionalHookName } from './optional-hooks.ts';
export { protocolVersions } from './protocol-version.ts';
export type { ProtocolVersion } from './protocol-version.ts';
export { checkServerConfig, serverOptions } from './server-config.ts';
export type { EchKey } from './ech-key.ts';
export type { ServerConfig, ServerDangerous } from './server-config.ts';
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
export { decodePinDigest, type Pin } from './pin.ts';
export type { Revocation } from './revocation.ts';
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
