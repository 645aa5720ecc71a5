import {
  TlsError,
  type ClientConfig,
  type ServerConfig,
  type TlsBackend,
  type TlsClientContext,
  type TlsServerContext,
} from '@org/tls-core';
import { checkServerConfig, interfaceVersion, ownOptions } from '@org/tls-core/backend';
import { defaultCrypto, type CryptoProvider } from '@org/tls-crypto';
import { capabilitiesOf } from './capabilities.ts';
import { makeClientContext } from './client-context.ts';
import { encryptedHellos } from './client/encrypted-hellos.ts';
import { PureEngine } from './engine.ts';
import { bindingOf, checkCommon, identityLoader } from './handshake/context-parts.ts';
import { peerTrust } from './handshake/peer-trust.ts';
import { commonSettings, type HandshakeOverrides } from './handshake/settings.ts';
import { serverHandshake } from './server/server-handshake.ts';
import { serverSettings, type ServerSettings } from './server/server-settings.ts';

export interface PureBackendOptions {
  /**
   * A provider, such as `nativeCrypto` of `@org/tls-native/crypto`. By its name one is chosen as the backend is: see `resolveBackend` of
   * `@org/tls-core/config`. Default: node:crypto where there is Node (or Bun or Deno), else noble.
   */
  readonly crypto?: CryptoProvider;
}

/**
 * TLS 1.2 and 1.3 in TypeScript.
 * @throws TypeError on an unknown option, or a crypto that is no provider
 */
export function createBackend(options: PureBackendOptions = {}): TlsBackend {
  const { crypto = defaultCrypto } = ownOptions(options, ['crypto']);
  if (typeof crypto !== 'object') throw new TypeError(`crypto: expected a provider, got ${noProvider(crypto)}`);
  const backend: TlsBackend = Object.freeze({
    name: 'pure',
    interfaceVersion,
    capabilities: capabilitiesOf(crypto),
    createClientContext: (config: ClientConfig) => clientContext(backend, crypto, config),
    createServerContext: (config: ServerConfig) => serverContext(backend, crypto, config),
  });
  return backend;
}

function noProvider(crypto: unknown): string {
  return typeof crypto === 'string'
    ? `the text ${crypto}; resolveBackend('pure', { crypto }) of @org/tls-core/config takes a name`
    : typeof crypto;
}

/** @param overrides only for tests */
export function clientContext(
  backend: TlsBackend,
  crypto: CryptoProvider,
  given: ClientConfig,
  overrides?: HandshakeOverrides,
): TlsClientContext {
  return makeClientContext({ backend, crypto, encryptedHellos }, given, overrides);
}

/** @param overrides only for tests */
export function serverContext(
  backend: TlsBackend,
  crypto: CryptoProvider,
  given: ServerConfig,
  overrides?: HandshakeOverrides,
): TlsServerContext {
  const config = checkServerConfig(given, backend);
  checkCommon(config);
  const trust = peerTrust(crypto, config, {
    role: 'server',
    trust: config.clientTrust,
    acceptsAny: config.dangerous?.acceptAnyClientCertificate ?? false,
    asksForStaple: false,
  });
  const identities = identityLoader(crypto, config.identity);
  const currentSessionBinding = bindingOf(crypto, { role: 'server', config });
  const parts = { trust, currentSessionBinding, ...identities };
  const common = commonSettings(backend.name, crypto, config, parts, overrides);
  const settings = serverSettings(common, config, settingsOf);
  const context = Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) =>
      new PureEngine({ role: 'server', settings, handshake: (io) => serverHandshake(io, settings) }, sink),
  } satisfies TlsServerContext);
  settingsByContext.set(context, settings);
  return context;
}

const settingsByContext = new WeakMap<TlsServerContext, ServerSettings>();

function settingsOf(context: TlsServerContext): ServerSettings {
  const settings = settingsByContext.get(context);
  if (settings === undefined)
    throw new TlsError('ERR_TLS_HOOK', 'the hook `selectContext`: expected a context of the pure backend');
  return settings;
}
