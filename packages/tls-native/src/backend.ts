import { isIP } from 'node:net';
import {
  certificatesInPem,
  checkClientConfig,
  checkServerConfig,
  checkServerName,
  encodeAlpnProtocol,
  interfaceVersion,
  privateKeyInPem,
  TlsError,
  type ClientConfig,
  type CommonConfig,
  type Identity,
  type ProtocolVersion,
  type ServerConfig,
  type TlsBackend,
  type TlsClientContext,
  type TlsServerContext,
} from '@org/tls-core';
import {
  isFailed,
  loadAddon,
  type Addon,
  type ContextHandle,
  type ContextOptions,
  type EngineHandle,
  type NativeLibrary,
  type TrustHandle,
} from './addon.ts';
import { cipherSuites, groupList, groupsOf, signatureSchemes, suiteList } from './algorithms.ts';
import { capabilitiesOf } from './capabilities.ts';
import { NativeEngine } from './engine.ts';
import { toConfigError } from './faults.ts';
import { trustStore } from './trust.ts';

export interface NativeBackendOptions {
  /** A file of OpenSSL's libssl, its libcrypto beside it; default: the system's `libssl.so.3`. One process uses one. */
  readonly libraryPath?: string;
}

/**
 * TLS by the platform's library.
 * @throws TypeError on an unknown option
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when no usable library is found, with what was tried
 */
export function createBackend(options: NativeBackendOptions = {}): TlsBackend {
  const { addon, library } = open(options);
  const backend: TlsBackend = Object.freeze({
    name: 'native',
    interfaceVersion,
    capabilities: capabilitiesOf(library.versionNumber),
    createClientContext: (config: ClientConfig) => clientContext(backend, addon, library, config),
    createServerContext: (config: ServerConfig) => serverContext(backend, addon, library, config),
  });
  return backend;
}

/**
 * The library that the backend uses, to be told in a report.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function nativeLibrary(options: NativeBackendOptions = {}): NativeLibrary {
  return open(options).library;
}

function open(options: NativeBackendOptions): { readonly addon: Addon; readonly library: NativeLibrary } {
  const { libraryPath = '', ...surplus } = options;
  const [unknown] = Object.keys(surplus);
  if (unknown !== undefined) throw new TypeError(`unknown option \`${unknown}\`; known: libraryPath`);
  if (typeof libraryPath !== 'string') throw new TypeError(`libraryPath: expected a string, got ${typeof libraryPath}`);
  const addon = loadAddon();
  const loaded = addon.load(libraryPath);
  if ('tried' in loaded) {
    throw new TlsError(
      'ERR_TLS_BACKEND_UNAVAILABLE',
      `no usable OpenSSL 3 was found (${loaded.tried.join('; ')}); on Debian: apt-get install libssl3`,
    );
  }
  return { addon, library: loaded };
}

function clientContext(
  backend: TlsBackend,
  addon: Addon,
  library: NativeLibrary,
  config: ClientConfig,
): TlsClientContext {
  checkClientConfig(config, backend);
  const verifyPeer = config.dangerous?.acceptAnyCertificate !== true;
  const trust = trustStore(addon, config.trust ?? 'default');
  const options = { ...commonOptions(config, library), isServer: false, verifyPeer, identities: [] };
  const context = made(addon.createContext(options, trust));
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: ({ serverName, alpnProtocols, session, earlyData, echConfigList }, sink) => {
      if (session !== undefined) throw unsupported('session', 'resume a session');
      if (earlyData !== undefined && earlyData !== false) throw unsupported('earlyData', 'send early data');
      if (echConfigList !== undefined) throw unsupported('echConfigList', 'offer Encrypted Client Hello');
      checkServerName(serverName);
      const alpn = alpnProtocols === undefined ? undefined : alpnList(alpnProtocols);
      const handle = made(addon.createEngine(context, serverName, isIP(serverName) !== 0, alpn));
      return new NativeEngine(addon, handle, { role: 'client', serverName, library }, sink);
    },
  } satisfies TlsClientContext);
}

function unsupported(option: string, what: string): TlsError {
  return new TlsError('ERR_TLS_UNSUPPORTED', `the native backend cannot ${what} yet`, { option });
}

function serverContext(
  backend: TlsBackend,
  addon: Addon,
  library: NativeLibrary,
  config: ServerConfig,
): TlsServerContext {
  checkServerConfig(config, backend);
  const identities = identitiesOf(config).map((identity) => loadIdentity(identity));
  const context = made(
    addon.createContext(
      { ...commonOptions(config, library), isServer: true, verifyPeer: false, identities },
      undefined,
    ),
  );
  return Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) => {
      const handle = made(addon.createEngine(context, '', false, undefined));
      return new NativeEngine(addon, handle, { role: 'server', serverName: undefined, library }, sink);
    },
  } satisfies TlsServerContext);
}

const wireVersions: Readonly<Record<ProtocolVersion, number>> = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

function commonOptions(
  config: CommonConfig,
  library: NativeLibrary,
): Omit<ContextOptions, 'isServer' | 'verifyPeer' | 'identities'> {
  const suites = config.cipherSuites ?? cipherSuites;
  const suites12 = suiteList(suites, 'TLSv1.2');
  const suites13 = suiteList(suites, 'TLSv1.3');
  const { minVersion = suites12 === '' ? 'TLSv1.3' : 'TLSv1.2', maxVersion = suites13 === '' ? 'TLSv1.2' : 'TLSv1.3' } =
    config;
  if ((minVersion === 'TLSv1.3' && suites13 === '') || (maxVersion === 'TLSv1.2' && suites12 === '')) {
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `cipherSuites: none of them is of a version from ${minVersion} to ${maxVersion}`,
      {
        option: 'cipherSuites',
      },
    );
  }
  return {
    minVersion: wireVersions[minVersion],
    maxVersion: wireVersions[maxVersion],
    suites13,
    suites12,
    groups: groupList(config.groups ?? groupsOf(library.versionNumber)),
    signatureSchemes: (config.signatureSchemes ?? signatureSchemes).join(':'),
    alpn: alpnList(config.alpnProtocols ?? []),
    keyLog: config.keyLog ?? false,
  };
}

/** ProtocolNameList without its length (RFC 7301 §3.1). */
function alpnList(protocols: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    protocols.flatMap((protocol) => {
      const bytes = encodeAlpnProtocol(protocol);
      return [Uint8Array.of(bytes.length), bytes];
    }),
  );
}

function identitiesOf({ identity }: ServerConfig): readonly Identity[] {
  if (identity === undefined) return [];
  return isList(identity) ? identity : [identity];
}

function isList(identity: Identity | readonly Identity[]): identity is readonly Identity[] {
  return Array.isArray(identity);
}

function loadIdentity(identity: Identity): ContextOptions['identities'][number] {
  for (const field of unsupportedFields) {
    if (identity[field] === undefined) continue;
    throw new TlsError('ERR_TLS_UNSUPPORTED', `the native backend has no \`${field}\` yet; @org/tls-pure has`, {
      option: 'identity',
    });
  }
  const { certificateChain = [], privateKey = '' } = identity;
  const chain =
    typeof certificateChain === 'string' ? certificatesInPem(certificateChain, 'identity') : certificateChain;
  if (chain.length === 0)
    throw new TlsError('ERR_TLS_IDENTITY', 'there is no certificate in the chain', { option: 'identity' });
  return { chain, privateKey: typeof privateKey === 'string' ? privateKeyInPem(privateKey).der : privateKey };
}

const unsupportedFields = [
  'signer',
  'rawPublicKey',
  'signatureSchemes',
  'ocspResponse',
  'signedCertificateTimestamps',
  'mustMatchIssuer',
] as const;

function made<T extends ContextHandle | EngineHandle | TrustHandle>(
  result: T | { readonly fault: Parameters<typeof toConfigError>[0] },
): T {
  if (isFailed(result)) throw toConfigError(result.fault);
  return result;
}
