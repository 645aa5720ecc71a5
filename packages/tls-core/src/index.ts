export { AlertDescription, alertName } from './alert.ts';
export type {
  ClientEngineOptions,
  EngineSink,
  TlsBackend,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from './backend.ts';
export { features } from './capabilities.ts';
export type { BackendCapabilities, Feature, RoleCapabilities } from './capabilities.ts';
export { certificateProfiles, type CertificateProfile } from './certificate-profile.ts';
export type { CertificateType, ClientConfig, ClientDangerous, CommonConfig } from './client-config.ts';
export type { ConnectionInfo, EarlyDataReason, PeerInfo } from './connection-info.ts';
export { alertOf, familyOf, tlsErrorCodes } from './error-code.ts';
export type { TlsErrorCode, TlsErrorFamily } from './error-code.ts';
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
export type { Identity, KeyIdentity, RawPublicKeyIdentity, Signer, SignerIdentity } from './identity.ts';
export type { MaybePromise } from './maybe-promise.ts';
export { MemoryReplayGuard } from './memory-replay-guard.ts';
export type {
  ChainJudge,
  PeerRules,
  PeerVerifier,
  PeerVerifierOption,
  PresentedChain,
  Staple,
  VerifiedChain,
} from './peer-verifier.ts';
export type { Pin } from './pin.ts';
export { protocolVersions } from './protocol-version.ts';
export type { ProtocolVersion } from './protocol-version.ts';
export type { Revocation } from './revocation.ts';
export type { EchKey, ServerConfig, ServerDangerous } from './server-config.ts';
export type { TlsSession } from './session.ts';
export { isTlsError, TlsError } from './tls-error.ts';
export type { CertificateFailure, RejectedPath, TlsErrorDetails } from './tls-error.ts';
export type { TrustAnchor, TrustSource } from './trust.ts';
