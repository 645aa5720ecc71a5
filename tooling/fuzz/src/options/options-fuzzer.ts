import {
  isTlsError,
  type ClientConfig,
  type ClientEngineOptions,
  type EngineSink,
  type ServerConfig,
  type TlsBackend,
  type TlsEngine,
} from '@org/tls-core';
import { clientOptions, serverOptions } from '@org/tls-core/backend';
import { Finding, type FuzzCase, type Fuzzer } from '../fuzzer.ts';
import { createSubject } from '../peer/subject.ts';
import type { Random } from '../random.ts';
import { real, realText } from '../inputs/corpus.ts';
import { garbage, OwnError } from './garbage.ts';
import { asKeyLog, isKeyLogError } from './garbage-key-log.ts';
import { handshake, type Outcome } from './handshake.ts';
import { Polluted } from './pollution.ts';

/** Gives the product configurations that nobody would write, in objects that nobody would make. */
export const optionsFuzzer: Fuzzer = {
  name: 'options',
  casesInTests: 1500,
  isOwn: isKeyLogError,
  async start() {
    const backends = (['pure (node)', 'pure (native)', 'native'] as const).map(createSubject);
    const fuzzCase: FuzzCase = async (random, note) => {
      const backend = random.pick(backends);
      note(backend.name);
      if (random.oneIn(6)) await pollute(random, backend, note);
      else await configure(random, backend, note);
    };
    return fuzzCase;
  },
};

const honestClient: ClientConfig = { trust: real('certificate root') };
const honestServer: ServerConfig = {
  identity: { certificateChain: realText('chain p256'), privateKey: real('key p256') },
};
const engineOptions = ['serverName', 'alpnProtocols', 'session', 'earlyData', 'echConfigList'] as const;

/** Gives one role's configuration one to three strange options. Whatever happens then must be an outcome that the interface allows. */
async function configure(random: Random, backend: TlsBackend, note: (line: string) => void): Promise<void> {
  const role = random.pick(['client', 'server', 'engine'] as const);
  const names: readonly string[] =
    role === 'client' ? clientOptions : role === 'server' ? serverOptions : engineOptions;
  const watched = new WatchedOptions(
    role === 'engine' ? { serverName: 'localhost' } : role === 'client' ? honestClient : honestServer,
  );
  for (let count = random.pick([1, 1, 2, 3]); count > 0; count -= 1) {
    const name = random.oneIn(30) ? 'nonsense' : random.pick(names);
    const value = garbage(random);
    note(`${role} ${name}: ${describe(value)}`);
    watched.set(name, name === 'keyLog' ? asKeyLog(value) : value, random.oneIn(3));
  }
  const config = watched.object(random.pick(['plain', 'no prototype', 'frozen', 'class']));
  const engines = attempt(() => makeEngines(backend, role, config));
  if (engines === undefined) return;
  // A context's options are read while the context is made, an engine's while the engine is made.
  if (role !== 'engine') watched.close();
  const outcome = await handshake(engines, () => watched.close());
  judge(outcome);
  watched.check();
}

/** Options that stand on a prototype do not count: what they would allow is still refused. */
async function pollute(random: Random, backend: TlsBackend, note: (line: string) => void): Promise<void> {
  const name = random.pick([...clientOptions, ...serverOptions]);
  const value: unknown = random.oneIn(2) ? garbage(random) : random.pick(tempting);
  note(`Object.prototype.${name}: ${describe(value)}`);
  const stranger = {
    ...honestServer,
    identity: { certificateChain: realText('chain p256'), privateKey: real('key p256') },
  };
  using polluted = new Polluted(name, value);
  const engines = attempt(() =>
    makeEngines(backend, 'client', { trust: realText('chain old'), verifyPeer: () => undefined }, stranger),
  );
  const outcome = engines === undefined ? undefined : await handshake(engines);
  polluted.undo();
  if (engines === undefined) throw new Finding('an honest configuration is refused for what its prototype has');
  if (outcome?.client !== 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER')
    throw new Finding(`a stranger’s certificate leads to ${String(outcome?.client)}`);
}

/** The values that an attacker would put there. */
const tempting: readonly unknown[] = [
  { acceptAnyCertificate: true, acceptAnyClientCertificate: true },
  true,
  0,
  'none',
  [],
  real('certificate root'),
  () => undefined,
];

type Engines = readonly [(sink: EngineSink) => TlsEngine, (sink: EngineSink) => TlsEngine];

function makeEngines(
  backend: TlsBackend,
  role: 'client' | 'server' | 'engine',
  config: object,
  otherServer: ServerConfig = honestServer,
): Engines {
  const client = backend.createClientContext(role === 'client' ? config : honestClient);
  const server = backend.createServerContext(role === 'server' ? config : otherServer);
  const options = role === 'engine' ? (config as ClientEngineOptions) : { serverName: 'localhost' };
  // A configuration of which no engine can be made is found out here.
  client.createEngine(options, silentSink).destroy();
  return [(sink) => client.createEngine(options, sink), (sink) => server.createEngine(sink)];
}

const silentSink = new Proxy({}, { get: () => () => undefined }) as unknown as EngineSink;

/** @returns `undefined` when the configuration is refused, in one of the ways that are allowed */
function attempt(make: () => Engines): Engines | undefined {
  try {
    return make();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof OwnError) return true;
  if (isTlsError(error)) return error.family === 'misuse' || error.code === 'ERR_TLS_HOOK';
  return (
    error instanceof TypeError &&
    !/Cannot read|is not a function|Cannot convert|of undefined|of null|is not iterable/u.test(error.message)
  );
}

function judge({ client, server }: Outcome): void {
  for (const code of [client, server])
    if (code === 'ERR_TLS_BACKEND') throw new Finding('a configuration that was accepted leads to ERR_TLS_BACKEND');
}

function describe(value: unknown): string {
  try {
    return `${typeof value} ${JSON.stringify(value, (_, each: unknown) => (typeof each === 'function' ? 'function' : typeof each === 'bigint' ? 'bigint' : each))?.slice(0, 200)}`;
  } catch {
    return typeof value;
  }
}

/** Options of which some are getters. They may be read only while the object is made for which they are. */
class WatchedOptions {
  readonly #values: Map<string, unknown>;
  readonly #getters = new Map<string, number>();
  #isClosed = false;
  #late: string | undefined;

  constructor(honest: object) {
    this.#values = new Map(Object.entries(honest));
  }

  set(name: string, value: unknown, isGetter: boolean): void {
    this.#values.set(name, value);
    if (isGetter) this.#getters.set(name, 0);
  }

  object(kind: 'plain' | 'no prototype' | 'frozen' | 'class'): object {
    const result: object = kind === 'no prototype' ? Object.create(null) : kind === 'class' ? new Configuration() : {};
    for (const [name, value] of this.#values) {
      const isGetter = this.#getters.has(name);
      Object.defineProperty(
        result,
        name,
        isGetter
          ? { get: () => this.#read(name), enumerable: true }
          : { value, enumerable: true, writable: true, configurable: true },
      );
    }
    return kind === 'frozen' ? Object.freeze(result) : result;
  }

  /** Is called when the contexts are made. */
  close(): void {
    this.#isClosed = true;
  }

  check(): void {
    if (this.#late !== undefined) throw new Finding(`option ${this.#late} is read when the context is long made`);
  }

  #read(name: string): unknown {
    if (this.#isClosed) this.#late ??= name;
    this.#getters.set(name, (this.#getters.get(name) ?? 0) + 1);
    return this.#values.get(name);
  }
}

/** A class of an application, as frameworks have for their options. */
class Configuration {
  get isOfAClass(): boolean {
    return true;
  }
}
