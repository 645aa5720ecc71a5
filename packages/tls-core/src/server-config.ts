import type { BackendCapabilities } from './capabilities.ts';
import type { CommonConfig } from './client-config.ts';
import { checkConfig, type OptionRules } from './config-rules.ts';
import * as rule from './config-rules.ts';
import type { ReplayGuard, SelectIdentity, TicketKeys } from './hooks.ts';
import type { Identity } from './identity.ts';
import type { TrustSource } from './trust.ts';
import { TlsError } from './tls-error.ts';

/** What a server needs to know, whoever comes. One of `identity` and `selectIdentity` is required. */
export interface ServerConfig extends CommonConfig {
  /** The first that can sign with a scheme the client accepts is used. */
  readonly identity?: Identity | readonly Identity[];
  /** Chooses by ClientHello (SNI, ALPN, …). */
  readonly selectIdentity?: SelectIdentity;
  /** Default: `none`. `require` aborts with certificate_required when the client has none. */
  readonly clientAuthentication?: 'none' | 'request' | 'require';
  /** What clients' chains must end at. Required unless `clientAuthentication` is `none`. */
  readonly clientTrust?: TrustSource;
  readonly ticketKeys?: TicketKeys;
  readonly replayGuard?: ReplayGuard;
}

const serverRules: OptionRules<ServerConfig> = {
  ...rule.commonRules,
  identity: rule.identities,
  selectIdentity: rule.callback,
  clientAuthentication: rule.oneOf('none', 'request', 'require'),
  clientTrust: rule.trust,
  ticketKeys: rule.methods('current'),
  replayGuard: rule.methods('firstUse'),
};

/** All option names of `ServerConfig`. */
export const serverOptions = Object.keys(serverRules) as readonly (keyof ServerConfig)[];

/**
 * Checks a server's configuration against the interface and a backend's capabilities. Every backend calls it first.
 * @throws TypeError on an unknown option or a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range, `ERR_TLS_UNSUPPORTED` on what the backend cannot honour
 */
export function checkServerConfig(
  config: ServerConfig,
  backend: { readonly name: string; readonly capabilities: BackendCapabilities },
): void {
  checkConfig(config, serverRules, backend.name, backend.capabilities.server);
  if (config.identity === undefined && config.selectIdentity === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'a server needs `identity` or `selectIdentity`', { option: 'identity' });
  }
  if ((config.clientAuthentication ?? 'none') !== 'none' && config.clientTrust === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'client authentication needs `clientTrust`', { option: 'clientTrust' });
  }
}
