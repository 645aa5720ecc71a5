import { checkConfig, type CheckedBackend } from './check-config.ts';
import type { CommonConfig } from './common-config.ts';
import { commonRules } from './common-rules.ts';
import { echKeys, type EchKey } from './ech-key.ts';
import type { TlsServerContext } from './engine.ts';
import type { ClientHelloInfo, ReplayGuard, SelectIdentity, ServerSessionStore, TicketKeys } from './hooks.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { Identity } from './identity.ts';
import { identities } from './identity-rules.ts';
import * as rule from './option-rule.ts';
import type { TrustSource } from './trust.ts';
import { trust } from './trust-rules.ts';
import { withoutPrototype } from './own-options.ts';
import { TlsError } from './tls-error.ts';

/** What a server needs to know, whoever comes. One of `identity` and `selectIdentity` is required. */
export interface ServerConfig extends CommonConfig {
  /** The first that can sign with a scheme the client accepts is used. */
  readonly identity?: Identity | readonly Identity[];
  /** Chooses by ClientHello (SNI, ALPN, …). */
  readonly selectIdentity?: SelectIdentity;
  /**
   * Default: `none`. `require` aborts with certificate_required when the client has none. It means a certificate in this connection, or in
   * the one whose session is resumed: an external key is not selected then, since it takes a certificate's place (RFC 8446 §4.3.2).
   */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  /** What clients' chains must end at. Required unless `clientAuthentication` is `none`. */
  readonly clientTrust?: TrustSource;
  /**
   * Aborts with unknown_psk_identity when the client does not prove one of `externalPsks`, in this connection or in the one whose session
   * is resumed; TLS 1.2 is then off (RFC 8446 §6.2). Default false: a client without a fitting key gets our certificate.
   */
  readonly requirePsk?: boolean;
  /** DER-encoded distinguished names to send in the CertificateRequest; default: none, any client tries. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Another configuration by ClientHello, as a context of the same backend; `undefined`: this one. */
  readonly selectContext?: (clientHello: ClientHelloInfo) => MaybePromise<TlsServerContext | undefined>;
  /** Keys for tickets; default: made at random, kept by the context, changed every 6 hours. */
  readonly ticketKeys?: TicketKeys;
  /** Keeps sessions on the server: tickets then only name them, unless there are `ticketKeys`; and TLS 1.2's session ids. */
  readonly sessionStore?: ServerSessionStore;
  /** Tickets sent after a full handshake, 0 to 255; default 2. 0: no resumption, but by session id where there is a `sessionStore`. */
  readonly tickets?: number;
  /**
   * How long sessions can be resumed after a handshake in which certificates or an external key were used, 1 to 604800 (RFC 8446
   * §4.6.1); default 7200. A session that comes of a resumed one ends with that.
   */
  readonly sessionLifetimeSeconds?: number;
  /**
   * Bytes of early data to accept, 0 to 2^32 - 1 (RFC 8446 §4.2.10); default 0: none. With more than 262,144 (`maxHeldInput`) it is
   * only accepted where it is taken early: a sink without `earlyData`, as a `TlsSocket` has, holds it until the handshake is done.
   */
  readonly maxEarlyData?: number;
  /**
   * Default: one in this context's memory, which takes early data with this context's tickets only: it has not seen what other servers of the
   * same ticket keys took, nor what came before it. Servers that share ticket keys need one that they share too (RFC 8446 §8).
   */
  readonly replayGuard?: ReplayGuard;
  /** Sends a cookie in a HelloRetryRequest and checks that it comes back (RFC 8446 §4.2.2); default false. */
  readonly retryCookie?: boolean;
  /**
   * A client that supports a post-quantum group of `groups` and sent a share of a classical one only, which stands behind it, is asked
   * for the post-quantum share by a HelloRetryRequest (RFC 8446 §4.1.1); default true. The round trip protects what is recorded today.
   */
  readonly postQuantumRetry?: boolean;
  /** Keys for Encrypted Client Hello (RFC 9849). */
  readonly echKeys?: readonly EchKey[];
  /** Switches that weaken; each says so by standing here. */
  readonly dangerous?: ServerDangerous;
}

export interface ServerDangerous {
  /** Accept any certificate of a client; only `verifyPeer` judges. */
  readonly acceptAnyClientCertificate?: boolean;
}

const serverRules: rule.OptionRules<ServerConfig> = {
  ...commonRules,
  identity: identities,
  selectIdentity: rule.callback,
  clientAuthentication: rule.oneOf('none', 'request', 'require'),
  clientTrust: trust,
  requirePsk: rule.flag,
  certificateAuthorities: rule.byteStrings(1, 0xffff),
  selectContext: rule.callback,
  ticketKeys: rule.methods('current'),
  sessionStore: rule.methods('put', 'take'),
  tickets: rule.integer(0, 255),
  sessionLifetimeSeconds: rule.integer(1, 604_800),
  maxEarlyData: rule.integer(0, 0xffff_ffff),
  replayGuard: rule.methods('firstUse'),
  retryCookie: rule.flag,
  postQuantumRetry: rule.flag,
  echKeys,
  dangerous: rule.flags('acceptAnyClientCertificate'),
};

/** All option names of `ServerConfig`. */
export const serverOptions = Object.keys(serverRules) as readonly (keyof ServerConfig)[];

/**
 * Checks a server's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @returns a copy of the options that were checked, read once: a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkServerConfig(given: ServerConfig, backend: CheckedBackend): ServerConfig {
  const config = checkConfig(given, serverRules, 'server', backend);
  if (config.identity === undefined && config.selectIdentity === undefined && config.externalPsks === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'a server needs `identity`, `selectIdentity` or `externalPsks`', {
      option: 'identity',
    });
  }
  checkPreSharedKeys(config);
  const asksForCertificates = (config.clientAuthentication ?? 'none') !== 'none';
  const acceptsX509 = config.peerCertificateTypes?.includes('X509') ?? true;
  const acceptsAny = config.dangerous?.acceptAnyClientCertificate === true;
  if (asksForCertificates && acceptsX509 && config.clientTrust === undefined && !acceptsAny) {
    throw new TlsError('ERR_TLS_CONFIG', 'client authentication needs `clientTrust`', { option: 'clientTrust' });
  }
  return withConsequences(config);
}

/** What a required key or certificate means for other options, so that each backend reads it there. */
function withConsequences(config: ServerConfig): ServerConfig {
  // TLS 1.2 has no external keys
  if (config.requirePsk === true) return withoutPrototype({ ...config, minVersion: 'TLSv1.3' });
  // RFC 8446 §4.3.2: beside a key no certificate may be asked for
  const takesKeys = config.clientAuthentication !== 'require' || config.externalPsks === undefined;
  return takesKeys ? config : withoutPrototype({ ...config, externalPsks: [] });
}

/** What is required must be possible. */
function checkPreSharedKeys(config: ServerConfig): void {
  const { requirePsk = false, externalPsks = [], clientAuthentication, maxVersion } = config;
  const hasIdentity = config.identity !== undefined || config.selectIdentity !== undefined;
  if (clientAuthentication === 'require' && !hasIdentity) {
    throw new TlsError('ERR_TLS_CONFIG', 'a server that requires certificates of its clients needs one of its own', {
      option: 'identity',
    });
  }
  if (!requirePsk) return;
  const reason =
    externalPsks.length === 0
      ? 'there are no `externalPsks`'
      : clientAuthentication === 'require'
        ? 'a certificate is required, and a key takes its place'
        : maxVersion === 'TLSv1.2'
          ? 'TLS 1.2 has no external keys'
          : undefined;
  if (reason !== undefined) throw new TlsError('ERR_TLS_CONFIG', `requirePsk: ${reason}`, { option: 'requirePsk' });
}
