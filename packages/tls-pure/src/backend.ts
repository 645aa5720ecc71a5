import {
  checkClientConfig,
  checkServerConfig,
  checkServerName,
  interfaceVersion,
  isPromiseLike,
  TlsError,
  type ClientConfig,
  type Identity,
  type MaybePromise,
  type ServerConfig,
  type TlsBackend,
  type TlsClientContext,
  type TlsServerContext,
} from '@org/tls-core';
import { defaultCrypto } from '#default-provider';
import { capabilitiesOf } from './capabilities.ts';
import { clientHandshake } from './client/client-handshake.ts';
import type { CryptoProvider } from './crypto/provider.ts';
import { PureEngine } from './engine.ts';
import { clientSettings, commonSettings, type HandshakeOverrides } from './handshake/settings.ts';
import { serverHandshake } from './server/server-handshake.ts';
import type { ServerSettings } from './server/server-settings.ts';
import { loadIdentity, type LoadedIdentity } from './x509/identity.ts';
import { anchorsFrom } from './x509/trust-anchors.ts';

export interface PureBackendOptions {
  /** Default: node:crypto where there is Node (or Bun or Deno), else noble. */
  readonly crypto?: CryptoProvider;
}

/**
 * TLS 1.3 in TypeScript.
 * @throws TypeError on an unknown option
 */
export function createBackend(options: PureBackendOptions = {}): TlsBackend {
  const { crypto = defaultCrypto, ...surplus } = options;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\`; known: crypto`);
  const backend: TlsBackend = Object.freeze({
    name: 'pure',
    interfaceVersion,
    capabilities: capabilitiesOf(crypto),
    createClientContext: (config: ClientConfig) => clientContext(backend, crypto, config),
    createServerContext: (config: ServerConfig) => serverContext(backend, crypto, config),
  });
  return backend;
}

/** @param overrides only for tests */
export function clientContext(
  backend: TlsBackend,
  crypto: CryptoProvider,
  config: ClientConfig,
  overrides?: HandshakeOverrides,
): TlsClientContext {
  checkClientConfig(config, backend);
  const settings = clientSettings(
    commonSettings(backend.name, crypto, config, overrides),
    config,
    anchorsFrom(config.trust ?? 'default'),
  );
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: (options, sink) => {
      checkServerName(options.serverName);
      if (options.session !== undefined) {
        throw new TlsError('ERR_TLS_UNSUPPORTED', 'the pure backend cannot resume a session yet', {
          option: 'session',
        });
      }
      return new PureEngine(
        { role: 'client', settings, handshake: (io) => clientHandshake(io, settings, options) },
        sink,
      );
    },
  } satisfies TlsClientContext);
}

/** @param overrides only for tests */
export function serverContext(
  backend: TlsBackend,
  crypto: CryptoProvider,
  config: ServerConfig,
  overrides?: HandshakeOverrides,
): TlsServerContext {
  checkServerConfig(config, backend);
  const loaded = new WeakMap<Identity, MaybePromise<LoadedIdentity>>();
  const load = (identity: Identity): MaybePromise<LoadedIdentity> => {
    const known = loaded.get(identity);
    if (known !== undefined) return known;
    const pending = loadIdentity(identity, crypto);
    // a key that turns out bad later fails each handshake that needs it
    if (isPromiseLike(pending)) pending.then(undefined, () => undefined);
    loaded.set(identity, pending);
    return pending;
  };
  const settings: ServerSettings = {
    ...commonSettings(backend.name, crypto, config, overrides),
    identities: identitiesOf(config).map((identity) => load(identity)),
    selectIdentity: config.selectIdentity,
    loadIdentity: load,
  };
  return Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) =>
      new PureEngine({ role: 'server', settings, handshake: (io) => serverHandshake(io, settings) }, sink),
  } satisfies TlsServerContext);
}

function identitiesOf({ identity }: ServerConfig): readonly Identity[] {
  if (identity === undefined) return [];
  return isList(identity) ? identity : [identity];
}

function isList(identity: Identity | readonly Identity[]): identity is readonly Identity[] {
  return Array.isArray(identity);
}
