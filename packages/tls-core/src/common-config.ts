import type { CertificateProfile } from './certificate-profile.ts';
import type { CertificateCompressor, ExternalPsk, VerifyPeer } from './hooks.ts';
import type { Pin } from './pin.ts';
import type { ProtocolVersion } from './protocol-version.ts';
import type { Revocation } from './revocation.ts';

/** Options of both roles. */
export interface CommonConfig {
  /** Lowest version to speak; default: the backend's lowest, not below TLS 1.2. */
  readonly minVersion?: ProtocolVersion;
  readonly maxVersion?: ProtocolVersion;
  /** IANA names, in order of preference; default: the backend's. */
  readonly cipherSuites?: readonly string[];
  /** IANA names of key exchange groups, in order of preference. */
  readonly groups?: readonly string[];
  /** IANA names of signature schemes to accept, in order of preference. */
  readonly signatureSchemes?: readonly string[];
  /** Protocols for ALPN (RFC 7301), in order of preference; 1 to 255 bytes each. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[];
  /** Milliseconds since the epoch, 0 to 8.64e15; default `Date.now`. Anything else that it gives is `ERR_TLS_HOOK`. */
  readonly clock?: () => number;
  /** Fills the buffer with random bytes; default: the platform's. Only for tests that must be exact to the byte. */
  readonly random?: (into: Uint8Array) => void;
  /** Emit secrets in NSS key log format. Whoever reads them reads the connection. */
  readonly keyLog?: boolean;
  /** A further judge of the peer, after the backend's verifier. */
  readonly verifyPeer?: VerifyPeer;
  /** `verifyPeer` is asked again when a session is resumed; default false: it was when the session was made. */
  readonly verifyResumedPeer?: boolean;
  /** Looks up whether the peer's certificates were revoked; default: not at all. */
  readonly revocation?: Revocation;
  /** What the peer's chain must have besides being trusted: at least one of these; default: nothing. */
  readonly pins?: readonly Pin[];
  /** By which rules the form of the peer's certificates is judged, beyond what is always checked; default `compatible`. */
  readonly certificateProfile?: CertificateProfile;
  /**
   * Whether anybody can have names directly under this one, as under `co.uk` (https://publicsuffix.org): the profile `webpki` refuses
   * wildcards there. Default: top-level domains only.
   * @param domain A-labels in lower case
   */
  readonly isPublicSuffix?: (domain: string) => boolean;
  /** Kinds of certificate to accept from the peer, in order of preference (RFC 7250); default `['X509']`. */
  readonly peerCertificateTypes?: readonly CertificateType[];
  /** SubjectPublicKeyInfo (DER) of the raw public keys to accept. Required when `peerCertificateTypes` names `RawPublicKey`. */
  readonly trustedPublicKeys?: readonly Uint8Array[];
  /** Algorithms for certificates, in order of preference (RFC 8879); default: none. */
  readonly certificateCompressors?: readonly CertificateCompressor[];
  /** Keys agreed on outside of TLS, in order of preference. */
  readonly externalPsks?: readonly ExternalPsk[];
  /** Longest plaintext that the peer may put into a record, 64 to 16384 bytes (RFC 8449); default: no limit is sent. */
  readonly recordSizeLimit?: number;
  /** Longest plaintext that we put into a record, 64 to 16384 bytes; default 16384. */
  readonly maxFragmentLength?: number;
  /** Pads each record's content to a multiple of so many bytes, 1 to 16384 (RFC 8446 §5.4); default 1. */
  readonly recordPadding?: number;
}

/** As registered by IANA (RFC 7250). */
export type CertificateType = 'X509' | 'RawPublicKey';
