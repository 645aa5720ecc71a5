import * as binds from './binding-rule.ts';
import { checkConfig, type CheckedBackend } from './check-config.ts';
import {
  commonBinding,
  commonDefaults,
  commonRules,
  type CertificateType,
  type CommonConfig,
} from './common-config.ts';
import type { SelectClientIdentity, SessionStore } from './hooks.ts';
import type { Identity } from './identity.ts';
import { identities } from './identity-rules.ts';
import { withDefaults, type WithDefaults } from './option-defaults.ts';
import * as rule from './option-rule.ts';
import { optionNames } from './own-options.ts';
import type { TrustSource } from './trust.ts';
import { trust } from './trust-rules.ts';

/** The options of a client, which are the same whoever it talks to. */
export interface ClientConfig extends CommonConfig {
  /** Says which roots or keys a server's chain may end at. Default: `default`. */
  readonly trust?: TrustSource;
  /** The client proves itself with these when the server asks for that; the first one that fits the request is used. */
  readonly identity?: Identity | readonly Identity[];
  /** Chooses what the client proves itself with by the server's CertificateRequest, in place of `identity`. */
  readonly selectIdentity?: SelectClientIdentity;
  /** Lists the kinds of certificate that the client offers, in order of preference (RFC 7250). Default: those of `identity`. */
  readonly certificateTypes?: readonly CertificateType[];
  /** Keeps sessions: they are put in as they come and taken out by server name. Default: they only go to `sink.session`. */
  readonly sessionStore?: SessionStore;
  /**
   * Lists the groups for which the client sends a key share, by their IANA names. Each of them must be one of `groups`. Default: the first of
   * `groups`, and beside it the first of the other kind: a classical one if the first is post-quantum, and the reverse.
   */
  readonly keyShares?: readonly string[];
  /** Sends values that servers must ignore (RFC 8701). Default: true. */
  readonly grease?: boolean;
  /** Sends extensions in a random order, so that no server comes to depend on one. Default: true. */
  readonly permuteExtensions?: boolean;
  /**
   * Asks for a stapled OCSP response (RFC 6066 §8), and refuses a certificate that must come with one and does not (RFC 7633). Default: true.
   */
  readonly ocspStapling?: boolean;
  /** Asks for signed certificate timestamps (RFC 6962 §3.3). Default: false. */
  readonly requestCertificateTimestamps?: boolean;
  /** Says how many tickets the client asks for, 0 to 255 each (RFC 9149). */
  readonly ticketRequest?: { readonly newSession: number; readonly resumption: number };
  /** Tells the server which authorities the client accepts, by their distinguished names in DER (RFC 8446 §4.2.4). Default: none. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Sends a decoy where there is no ECHConfigList (RFC 9849 §6.2). Default: false. */
  readonly echGrease?: boolean;
  /**
   * Ends a handshake of TLS 1.2 with handshake_failure when the server does not send `renegotiation_info` (RFC 5746 §3.4, §4.1).
   * Default: true. Without it, a server that renegotiates may take our handshake for part of another one, which an attacker began.
   */
  readonly requireSecureRenegotiation?: boolean;
  /** Tells the server by TLS_FALLBACK_SCSV that this is a second try with a lower `maxVersion` (RFC 7507). Default: false. */
  readonly fallback?: boolean;
  /** Holds the switches that weaken the connection, so that whoever reads the configuration sees it. */
  readonly dangerous?: ClientDangerous;
}

export interface ClientDangerous {
  /** Accepts any chain for any name. The connection is then open to anyone in the middle. */
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

/** What holds where a client's configuration says nothing, for every backend alike. */
export const clientDefaults = {
  ...commonDefaults,
  trust: 'default',
  grease: true,
  permuteExtensions: true,
  ocspStapling: true,
  requestCertificateTimestamps: false,
  certificateAuthorities: Object.freeze([]),
  echGrease: false,
  requireSecureRenegotiation: true,
  fallback: false,
} as const satisfies Partial<ClientConfig>;

/** A client's configuration as `checkClientConfig` gives it. */
export type CheckedClientConfig = WithDefaults<ClientConfig, typeof clientDefaults>;

/** What a session is bound to. */
export const clientBinding: binds.BindingTable<CheckedClientConfig> = {
  ...commonBinding,
  trust: binds.trust,
  identity: binds.identity,
  // whom it would choose is not known before the server asks: only the same hook is sure to choose the same
  selectIdentity: binds.sameFunction,
  certificateTypes: { free: 'it orders what `identity` holds' },
  sessionStore: binds.storage,
  keyShares: binds.oncePerHandshake,
  grease: binds.ownBehaviour,
  permuteExtensions: binds.ownBehaviour,
  ocspStapling: binds.flag,
  requestCertificateTimestamps: binds.flag,
  ticketRequest: binds.storage,
  certificateAuthorities: { free: 'it is advice to the server, whose chain is judged by `trust`' },
  echGrease: binds.ownBehaviour,
  requireSecureRenegotiation: binds.oncePerHandshake,
  fallback: binds.oncePerHandshake,
  dangerous: (dangerous) => binds.flag(dangerous?.acceptAnyCertificate === true),
};

/** The names of all options of `ClientConfig`. */
export const clientOptions = optionNames<ClientConfig>(clientRules);

/**
 * Checks a client's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @returns a copy of the options, which were read once, with the defaults of the others; a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkClientConfig(config: ClientConfig, backend: CheckedBackend): CheckedClientConfig {
  return withDefaults(checkConfig(config, clientRules, 'client', backend), clientDefaults);
}
