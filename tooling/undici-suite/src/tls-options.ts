import type { TcpNetConnectOpts } from 'node:net';
import type { ClientConfig, ProtocolVersion } from '@org/tls-core';
import type { KeyPairInput } from '@org/tls-core/config';
import type { buildConnector } from 'undici';
import { SessionMemory } from './session-memory.ts';

/** What undici gives its `buildConnector`: its own options, and those of tls.connect. */
export type GivenOptions = buildConnector.BuildOptions & { readonly useH2c?: boolean };

/** The same for tls-core. */
export interface TlsOptions {
  readonly config: ClientConfig & { readonly identity?: KeyPairInput };
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly string[];
  /** How long making the connection may take, and then the handshake, in milliseconds. */
  readonly timeout: number;
  /** Of a Unix domain socket. */
  readonly path: string | undefined;
  readonly highWaterMark: number | undefined;
  readonly dialling: Dialling;
}

type Dialling = Pick<TcpNetConnectOpts, (typeof dialled)[number]>;

const dialled = [
  'localAddress',
  'localPort',
  'family',
  'hints',
  'lookup',
  'keepAlive',
  'keepAliveInitialDelay',
  'autoSelectFamily',
  'autoSelectFamilyAttemptTimeout',
] as const;

/** What is read, and what is undici's own or of no account for TLS. */
const known: ReadonlySet<string> = new Set([
  ...dialled,
  'ca',
  'cert',
  'key',
  'passphrase',
  'rejectUnauthorized',
  'servername',
  'minVersion',
  'maxVersion',
  'allowH2',
  'useH2c',
  'maxCachedSessions',
  'socketPath',
  'timeout',
  'highWaterMark',
  // undici says itself what is offered by ALPN, and the address and the port are the target's
  'ALPNProtocols',
  'host',
  'port',
]);

const undiciTimeout = 10_000;
const undiciSessions = 100;

/**
 * Translates node:tls's options into tls-core's. As Node does, it takes `rejectUnauthorized: false`, which tls-core calls dangerous.
 * @throws TypeError on one that has no counterpart
 */
export function readTlsOptions(given: GivenOptions): TlsOptions {
  const options = definedOf(given);
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined) throw new TypeError(`${unknown}: it has no counterpart in tls-core`);
  const picked = dialled.filter((name) => Object.hasOwn(options, name)).map((name) => [name, options[name]]);
  return {
    config: configOf(options),
    serverName: options['servername'] as string | undefined,
    alpnProtocols: options['allowH2'] === true ? ['http/1.1', 'h2'] : ['http/1.1'],
    timeout: (options['timeout'] as number | undefined) ?? undiciTimeout,
    path: options['socketPath'] as string | undefined,
    highWaterMark: options['highWaterMark'] as number | undefined,
    dialling: Object.fromEntries(picked) as Dialling,
  };
}

type Options = Readonly<Record<string, unknown>>;

/** undici and node:tls take `null` for what is not there. */
function definedOf(given: GivenOptions): Options {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
}

function configOf(options: Options): TlsOptions['config'] {
  const { ca, rejectUnauthorized, minVersion, maxVersion, maxCachedSessions = undiciSessions } = options;
  const sessions = maxCachedSessions as number;
  return {
    ...(ca !== undefined && { trust: textsOf(ca) }),
    ...identityOf(options),
    ...(rejectUnauthorized === false && { dangerous: { acceptAnyCertificate: true } }),
    ...(minVersion !== undefined && { minVersion: minVersion as ProtocolVersion }),
    ...(maxVersion !== undefined && { maxVersion: maxVersion as ProtocolVersion }),
    ...(sessions > 0 && { sessionStore: new SessionMemory(sessions) }),
  };
}

function identityOf({ cert, key, passphrase }: Options): Pick<TlsOptions['config'], 'identity'> {
  if (cert === undefined) return {};
  const pair = { certificateChain: textsOf(cert), privateKey: key as string | Uint8Array };
  return { identity: passphrase === undefined ? pair : { ...pair, passphrase: passphrase as string } };
}

/** PEM may stand in a Buffer, and there may be several. */
function textsOf(given: unknown): readonly string[] {
  return [given].flat().map((one) => (one instanceof Uint8Array ? new TextDecoder().decode(one) : String(one)));
}
