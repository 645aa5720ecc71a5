import type { CertificateProfile } from './certificate-profile.ts';
import { checkConfig, commonRules, type CheckedBackend } from './config-rules.ts';
import type { CertificateCompressor, ExternalPsk, SelectClientIdentity, SessionStore, VerifyPeer } from './hooks.ts';
import type { Identity } from './identity.ts';
import type { Pin } from './pin.ts';
import { identities } from './identity-rules.ts';
import * as rule from './option-rule.ts';
import type { ProtocolVersion } from './protocol-version.ts';
import type { Revocation } from './revocation.ts';
import type { TrustSource } from './trust.ts';
import { trust } from './trust-rules.ts';

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

/** What a client needs to know, whoever it talks to. */
export interface ClientConfig extends CommonConfig {
  /** Default: `default`. */
  readonly trust?: TrustSource;
  /** What the client proves itself with when the server asks: the first that fits the request. */
  readonly identity?: Identity | readonly Identity[];
  /** Chooses by CertificateRequest, in place of `identity`. */
  readonly selectIdentity?: SelectClientIdentity;
  /** Kinds of certificate to offer, in order of preference (RFC 7250); default: those of `identity`. */
  readonly certificateTypes?: readonly CertificateType[];
  /** Sessions are put in as they come and taken out by server name; default: they only go to `sink.session`. */
  readonly sessionStore?: SessionStore;
  /** IANA names of the groups to send a share for, all of `groups`; default: the first, and
   * the first of the other kind (post-quantum or not). */
  readonly keyShares?: readonly string[];
  /** Sends values that servers must ignore (RFC 8701); default true. */
  readonly grease?: boolean;
  /** Sends extensions in an order drawn by lot, so that nobody gets used to one; default true. */
  readonly permuteExtensions?: boolean;
  /** Asks for a stapled OCSP response (RFC 6066 §8), and holds certificates to it that must staple (RFC 7633); default true. */
  readonly ocspStapling?: boolean;
  /** Asks for signed certificate timestamps (RFC 6962 §3.3); default false. */
  readonly requestCertificateTimestamps?: boolean;
  /** How many tickets to ask for, 0 to 255 each (RFC 9149). */
  readonly ticketRequest?: { readonly newSession: number; readonly resumption: number };
  /** DER-encoded distinguished names of the authorities to accept, sent to the server (RFC 8446 §4.2.4). */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Sends a decoy where there is no ECHConfigList (RFC 9849 §6.2); default false. */
  readonly echGrease?: boolean;
  /**
   * Ends a handshake of TLS 1.2 with handshake_failure when the server does not send `renegotiation_info` (RFC 5746 §3.4, §4.1); default
   * true. Without it, a server that renegotiates may take our handshake for part of another one, which an attacker began.
   */
  readonly requireSecureRenegotiation?: boolean;
  /** This is a second try with a lower `maxVersion`: says so by TLS_FALLBACK_SCSV (RFC 7507). */
  readonly fallback?: boolean;
  /** Switches that weaken; each says so by standing here. */
  readonly dangerous?: ClientDangerous;
}

export interface ClientDangerous {
  /** Accept any chain for any name. The connection is then open to anyone in the middle. */
  readonly acceptAnyCertificate?: boolean;
}

const clientRules: rule.OptionRules<ClientConfig> = {
  ...commonRules,
  trust,
  identity: identities,
  selectIdentity: rule.callback,
  certificateTypes: rule.someOf('X509', 'RawPublicKey'),
  sessionStore: rule.methods('put', 'take'),
  keyShares: rule.namesFrom('groups'),
  grease: rule.flag,
  permuteExtensions: rule.flag,
  ocspStapling: rule.flag,
  requestCertificateTimestamps: rule.flag,
  ticketRequest: rule.integers({ newSession: [0, 255], resumption: [0, 255] }),
  certificateAuthorities: rule.byteStrings(1, 0xffff),
  echGrease: rule.flag,
  requireSecureRenegotiation: rule.flag,
  fallback: rule.flag,
  dangerous: rule.flags('acceptAnyCertificate'),
};

/** All option names of `ClientConfig`. */
export const clientOptions = Object.keys(clientRules) as readonly (keyof ClientConfig)[];

/**
 * Checks a client's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @returns a copy of the options that were checked, read once: a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkClientConfig(config: ClientConfig, backend: CheckedBackend): ClientConfig {
  return checkConfig(config, clientRules, 'client', backend);
}
