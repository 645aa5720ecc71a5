import { checkConfig, type CheckedBackend } from './check-config.ts';
import type { CertificateType, CommonConfig } from './common-config.ts';
import { commonRules } from './common-rules.ts';
import type { SelectClientIdentity, SessionStore } from './hooks.ts';
import type { Identity } from './identity.ts';
import { identities } from './identity-rules.ts';
import * as rule from './option-rule.ts';
import type { TrustSource } from './trust.ts';
import { trust } from './trust-rules.ts';

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
