import * as binds from './binding-rule.ts';
import { checkConfig, type CheckedBackend } from './check-config.ts';
import { commonBinding, commonDefaults, commonRules, type CommonConfig } from './common-config.ts';
import { echKeys, type EchKey } from './ech-key.ts';
import type { TlsServerContext } from './engine.ts';
import type { ClientHelloInfo, ReplayGuard, SelectIdentity, ServerSessionStore, TicketKeys } from './hooks.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { Identity } from './identity.ts';
import { identities } from './identity-rules.ts';
import { withDefaults, type WithDefaults } from './option-defaults.ts';
import * as rule from './option-rule.ts';
import type { TrustSource } from './trust.ts';
import { trust } from './trust-rules.ts';
import { optionNames, frozenCopy } from './own-options.ts';
import { TlsError } from './tls-error.ts';

/** The options of a server, which are the same whoever comes. One of `identity`, `selectIdentity` and `externalPsks` is required. */
export interface ServerConfig extends CommonConfig {
  /** The server proves itself with these; the first one that can sign with a scheme of the client is used. */
  readonly identity?: Identity | readonly Identity[];
  /** Chooses what the server proves itself with by the ClientHello (its server name, ALPN, …), in place of `identity`. */
  readonly selectIdentity?: SelectIdentity;
  /**
   * Says whether the client is asked for a certificate. `require` aborts with certificate_required when it has none: the client must show one
   * in this connection, or have shown one in the connection whose session is resumed. An external key is then not selected, since it takes
   * the place of a certificate (RFC 8446 §4.3.2). Default: `none`.
   */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  /** Says which roots a client's chain may end at. It is required unless `clientAuthentication` is `none`. */
  readonly clientTrust?: TrustSource;
  /**
   * Aborts with unknown_psk_identity when the client does not prove one of `externalPsks`, in this connection or in the one whose session
   * is resumed (RFC 8446 §6.2). TLS 1.2 is off then. Default: false, so that a client without a fitting key gets our certificate.
   */
  readonly requirePsk?: boolean;
  /** Tells clients in the CertificateRequest which authorities the server accepts, by their distinguished names in DER. Default: none. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Chooses another context of the same backend by the ClientHello. With `undefined` the connection keeps this one. */
  readonly selectContext?: (clientHello: ClientHelloInfo) => MaybePromise<TlsServerContext | undefined>;
  /** Gives the keys that seal tickets. Default: the context makes random ones, and new ones every 6 hours. */
  readonly ticketKeys?: TicketKeys;
  /** Keeps sessions on the server, for TLS 1.2's session ids too. Unless there are `ticketKeys`, tickets then only name a session. */
  readonly sessionStore?: ServerSessionStore;
  /**
   * Says how many tickets are sent after a full handshake, 0 to 255. With 0, sessions are resumed only by session id, where there is a
   * `sessionStore`. Default: 2.
   */
  readonly tickets?: number;
  /**
   * False: a resumed connection gets no ticket in place of the one that was used, unless its client asks for some (RFC 9149), so that the
   * client shows the same one again, and whoever looks on can link the connections (RFC 8446 §C.4). Default: true.
   */
  readonly renewTickets?: boolean;
  /**
   * Says how long sessions can be resumed after a handshake in which certificates or an external key were used, 1 to 604800 seconds
   * (RFC 8446 §4.6.1). A session that comes of a resumed one ends when that one does. Default: 7200.
   */
  readonly sessionLifetimeSeconds?: number;
  /**
   * Says how many bytes of early data are accepted, 0 to 2^32 - 1 (RFC 8446 §4.2.10). With more than 262,144 (`maxHeldInput`), early data is
   * only accepted by a sink that has `earlyData`. Any other sink, such as that of a `TlsSocket`, gets it when the handshake is done, and it
   * would be held until then. Default: 0.
   */
  readonly maxEarlyData?: number;
  /**
   * Knows which early data came before (RFC 8446 §8). Servers that share ticket keys need a guard that they share too. Default: a guard in the
   * memory of this context. It takes early data with this context's tickets only, since it has not seen what other servers with the same
   * ticket keys took, nor what came before it was made.
   */
  readonly replayGuard?: ReplayGuard;
  /** Sends a cookie in a HelloRetryRequest and checks that it comes back (RFC 8446 §4.2.2). Default: false. */
  readonly retryCookie?: boolean;
  /**
   * Asks a client for a post-quantum key share by a HelloRetryRequest (RFC 8446 §4.1.1) when it supports such a group of `groups` but sent
   * only the share of a classical group that stands behind it. The round trip protects what is recorded today. Default: true.
   */
  readonly postQuantumRetry?: boolean;
  /** Holds the keys that open an Encrypted Client Hello (RFC 9849). At most two may share a config id. Default: none. */
  readonly echKeys?: readonly EchKey[];
  /** Holds the switches that weaken the connection, so that whoever reads the configuration sees it. */
  readonly dangerous?: ServerDangerous;
}

export interface ServerDangerous {
  /** Accepts any certificate of a client, which only `verifyPeer` judges. */
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
  renewTickets: rule.flag,
  sessionLifetimeSeconds: rule.integer(1, 604_800),
  maxEarlyData: rule.integer(0, 0xffff_ffff),
  replayGuard: rule.methods('firstUse'),
  retryCookie: rule.flag,
  postQuantumRetry: rule.flag,
  echKeys,
  dangerous: rule.flags('acceptAnyClientCertificate'),
};

/** What holds where a server's configuration says nothing, for every backend alike. */
export const serverDefaults = {
  ...commonDefaults,
  clientAuthentication: 'none',
  requirePsk: false,
  certificateAuthorities: Object.freeze([]),
  tickets: 2,
  renewTickets: true,
  sessionLifetimeSeconds: 7200,
  maxEarlyData: 0,
  retryCookie: false,
  postQuantumRetry: true,
  echKeys: Object.freeze([]),
} as const satisfies Partial<ServerConfig>;

/** A server's configuration as `checkServerConfig` gives it. */
export type CheckedServerConfig = WithDefaults<ServerConfig, typeof serverDefaults>;

/** What a session is bound to. */
export const serverBinding: binds.BindingTable<CheckedServerConfig> = {
  ...commonBinding,
  // who resumes sees no certificate: a server of the same ticket keys, and another identity, must not pass for this one
  identity: binds.identity,
  // presence only: servers that share ticket keys are several processes
  selectIdentity: binds.presence,
  clientAuthentication: (mode) => [mode],
  // what a certificate has made does not stand for a key
  requirePsk: binds.flag,
  clientTrust: (source) => (source === undefined ? [] : binds.trust(source)),
  certificateAuthorities: { free: 'it is advice to the client, whose chain is judged by `clientTrust`' },
  selectContext: { free: 'a session is bound to the rules of the context that was chosen' },
  ticketKeys: binds.storage,
  sessionStore: binds.storage,
  tickets: binds.storage,
  renewTickets: binds.storage,
  sessionLifetimeSeconds: binds.storage,
  maxEarlyData: binds.oncePerHandshake,
  replayGuard: { free: 'what it has seen counts for early data only, and is looked at there' },
  retryCookie: binds.oncePerHandshake,
  postQuantumRetry: binds.oncePerHandshake,
  echKeys: binds.oncePerHandshake,
  dangerous: (dangerous) => binds.flag(dangerous?.acceptAnyClientCertificate === true),
};

/** The names of all options of `ServerConfig`. */
export const serverOptions = optionNames<ServerConfig>(serverRules);

/**
 * Checks a server's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @returns a copy of the options, which were read once, with the defaults of the others; a backend uses it and nothing else
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkServerConfig(given: ServerConfig, backend: CheckedBackend): CheckedServerConfig {
  const checked = checkConfig(given, serverRules, 'server', backend);
  if (checked.identity === undefined && checked.selectIdentity === undefined && checked.externalPsks === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'a server needs `identity`, `selectIdentity` or `externalPsks`', {
      option: 'identity',
    });
  }
  const config = withDefaults(checked, serverDefaults);
  checkPreSharedKeys(config);
  const asksForCertificates = config.clientAuthentication !== 'none';
  const acceptsX509 = config.peerCertificateTypes.includes('X509');
  const acceptsAny = config.dangerous?.acceptAnyClientCertificate === true;
  if (asksForCertificates && acceptsX509 && config.clientTrust === undefined && !acceptsAny) {
    throw new TlsError('ERR_TLS_CONFIG', 'client authentication needs `clientTrust`', { option: 'clientTrust' });
  }
  return withConsequences(config);
}

/** Writes what a required key or certificate means for other options into those, so that no backend has to know it. */
function withConsequences(config: CheckedServerConfig): CheckedServerConfig {
  // TLS 1.2 has no external keys
  if (config.requirePsk) return frozenCopy({ ...config, minVersion: 'TLSv1.3' });
  // RFC 8446 §4.3.2: beside a key no certificate may be asked for
  return config.clientAuthentication === 'require' ? frozenCopy({ ...config, externalPsks: [] }) : config;
}

/** Refuses to require a key or a certificate that no client could prove. */
function checkPreSharedKeys(config: CheckedServerConfig): void {
  const { requirePsk, externalPsks, clientAuthentication, maxVersion } = config;
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
