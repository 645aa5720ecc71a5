export { AlertDescription, alertName } from './alert.ts';
export type { TlsBackend } from './backend.ts';
export { features } from './capabilities.ts';
export type { BackendCapabilities, BackendDescription, Feature, RoleCapabilities } from './capabilities.ts';
export { certificateProfiles, type CertificateProfile } from './certificate-profile.ts';
export type { ChainJudge, PresentedChain, Staple, VerifiedChain } from './chain-judge.ts';
export type { ClientConfig, ClientDangerous } from './client-config.ts';
export type { CertificateType, CommonConfig } from './common-config.ts';
export type { ConnectionInfo, EarlyDataReason, PeerInfo } from './connection-info.ts';
export type { EchKey } from './ech-key.ts';
export type {
  ClientEngineOptions,
  EngineSink,
  TlsClientContext,
  TlsEngine,
  TlsServerContext,
  UnusableEchConfigs,
} from './engine.ts';
export { alertOf, alertsBySection, familyOf, nodeCodesOf, tlsErrorCodes } from './error-code.ts';
export type { AlertSection, NodeCodeOf, TlsErrorCode, TlsErrorFamily } from './error-code.ts';
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
export type {
  CertificateSource,
  CryptoKeyLike,
  Jwk,
  KeyObjectLike,
  KeyPairSource,
  PassphraseSource,
  PfxSource,
  PrivateKeySource,
} from './identity-source.ts';
export type { KeyLog } from './key-log.ts';
export type { MaybePromise } from './maybe-promise.ts';
export { MemoryReplayGuard } from './memory-replay-guard.ts';
export { MemorySessionStore, type MemorySessionStoreOptions } from './memory-session-store.ts';
export type { PeerRules, PeerVerifier, PeerVerifierOption } from './peer-verifier.ts';
export type { Pin } from './pin.ts';
export { protocolVersions } from './protocol-version.ts';
export type { ProtocolVersion } from './protocol-version.ts';
export type {
  ChangingRevocation,
  FixedRevocation,
  Revocation,
  RevocationLists,
  RevocationListSource,
} from './revocation.ts';
export type { ServerConfig, ServerDangerous } from './server-config.ts';
export type { TlsSession } from './session.ts';
export { isTlsError, TlsError } from './tls-error.ts';
export type { CertificateFailure, RejectedPath, TlsErrorDetails } from './tls-error.ts';
export type { TrustAnchor, TrustSource } from './trust.ts';
