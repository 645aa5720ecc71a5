import {
  TlsError,
  type ClientConfig,
  type Identity,
  type MaybePromise,
  type ServerConfig,
  type TlsBackend,
  type TlsClientContext,
  type TlsServerContext,
} from '@org/tls-core';
import {
  checkClientConfig,
  checkServerConfig,
  checkClientEngineOptions,
  interfaceVersion,
  sessionBinding as digestOfRules,
  isPromiseLike,
  ownOptions,
  type CheckedConfig,
} from '@org/tls-core/backend';
import { defaultCrypto } from '@org/tls-crypto';
import { capabilitiesOf } from './capabilities.ts';
import { clientHandshake } from './client/client-handshake.ts';
import { chooseEchConfig } from './client/choose-ech-config.ts';
import { clientSettings } from './client/client-settings.ts';
import type { CryptoProvider } from '@org/tls-crypto';
import { PureEngine } from './engine.ts';
import { peerTrust } from './handshake/peer-trust.ts';
import { commonSettings, type CommonSettings, type HandshakeOverrides } from './handshake/settings.ts';
import { serverHandshake } from './server/server-handshake.ts';
import { serverSettings, type ServerSettings } from './server/server-settings.ts';
import { loadIdentity, type LoadedIdentity } from './handshake/identity.ts';
import { parseReferenceName } from '@org/x509';

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
  const config = checkClientConfig(given, backend);
  checkCommon(config);
  const trust = peerTrust(crypto, config, {
    role: 'client',
    trust: config.trust,
    acceptsAny: config.dangerous?.acceptAnyCertificate ?? false,
    asksForStaple: config.ocspStapling,
  });
  const identities = identityLoader(crypto, config.identity);
  const sessionBinding = bindingOf(crypto, { role: 'client', config });
  const settings = clientSettings(
    commonSettings(backend.name, crypto, config, { trust, sessionBinding, ...identities }, overrides),
    config,
  );
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: (engineOptions, sink) => {
      const options = checkClientEngineOptions(engineOptions);
      // our verifier takes fewer names than may be sent: a name that it cannot prove is refused before it is sent
      if (trust.judgeChain !== undefined && !trust.acceptsAny) parseReferenceName(options.serverName);
      const selection = chooseEchConfig(settings, options);
      return new PureEngine(
        { role: 'client', settings, handshake: (io) => clientHandshake(io, settings, options, selection) },
        sink,
      );
    },
  } satisfies TlsClientContext);
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
  const sessionBinding = bindingOf(crypto, { role: 'server', config });
  const common = commonSettings(backend.name, crypto, config, { trust, sessionBinding, ...identities }, overrides);
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

/** The digest of the rules that sessions are made under. Only this backend's verifier judges the peer, and so no other has to be named. */
function bindingOf(crypto: CryptoProvider, configuration: Parameters<typeof digestOfRules>[0]): Uint8Array {
  return digestOfRules(configuration, '', (bytes) => crypto.hash('sha256', bytes));
}

/** Checks what only this backend demands of a configuration. */
function checkCommon({ peerCertificateTypes, trustedPublicKeys, verifyPeer }: CheckedConfig): void {
  const needsKeys = peerCertificateTypes.includes('RawPublicKey');
  if (needsKeys && trustedPublicKeys === undefined && verifyPeer === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'raw public keys need `trustedPublicKeys`', { option: 'trustedPublicKeys' });
  }
}

type IdentityLoader = Pick<CommonSettings, 'identities' | 'loadIdentity'>;

function identityLoader(crypto: CryptoProvider, configured: Identity | readonly Identity[] = []): IdentityLoader {
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
  return { identities: [configured].flat().map((identity) => load(identity)), loadIdentity: load };
}
