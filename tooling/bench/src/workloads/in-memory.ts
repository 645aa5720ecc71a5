import type { EngineSink, TlsBackend, TlsEngine, TlsSession } from '@org/tls-core';
import { usualScene } from '../endpoint.ts';
import type { DrivingClient, SideTimes, Workload } from '../workload.ts';

type Parameters = { readonly resumes: boolean } | { readonly bytes: number };

export const workload: Workload<Parameters> = {
  id: 'in-memory',
  about: 'two engines in one process, without sockets: what TLS alone costs each side',
  unit: 'step',
  measures: 'rate',
  warmUp: 4000,
  cases: [
    { name: 'full handshake', scene: usualScene, least: 8, parameters: { resumes: false } },
    { name: 'resumed handshake', scene: usualScene, least: 8, parameters: { resumes: true } },
    { name: '64 KiB sent and received', scene: usualScene, least: 8, parameters: { bytes: 65_536 } },
    { name: '100 bytes sent and received', scene: usualScene, least: 100, parameters: { bytes: 100 } },
  ],
  listen: async () => 0,
  async drive(client, parameters, amount) {
    const bench = benches.get(client) ?? new EngineBench(client);
    benches.set(client, bench);
    if ('bytes' in parameters) return bench.transfer(parameters.bytes, amount);
    return bench.handshakes(parameters.resumes, amount);
  },
};

const benches = new WeakMap<DrivingClient, EngineBench>();

/** Has the contexts of both sides, and joins engines of them. */
class EngineBench {
  readonly #client: ReturnType<TlsBackend['createClientContext']>;
  readonly #server: ReturnType<TlsBackend['createServerContext']>;
  #session: TlsSession | undefined;
  #open: Joined | undefined;

  constructor({ backend, ca, identity }: DrivingClient) {
    if (backend === undefined) throw new Error('it has no engine');
    const same = { minVersion: 'TLSv1.3', cipherSuites: ['TLS_AES_128_GCM_SHA256'], groups: ['x25519'] } as const;
    this.#client = backend.createClientContext({ trust: ca, ...same });
    this.#server = backend.createServerContext({
      identity: { certificateChain: identity.chain, privateKey: identity.key },
      ...same,
    });
  }

  handshakes(resumes: boolean, amount: number): SideTimes {
    if (resumes) this.#session ??= this.#join(undefined).session ?? noSession();
    const times = { client: 0, server: 0 };
    for (let count = 0; count < amount; count += 1) {
      const joined = this.#join(resumes ? this.#session : undefined);
      times.client += joined.client.time;
      times.server += joined.server.time;
      joined.destroy();
    }
    return times;
  }

  /** The client sends, the server receives. */
  transfer(length: number, amount: number): SideTimes {
    this.#open ??= this.#join(undefined);
    const { client, server } = this.#open;
    const message = new Uint8Array(length);
    client.time = 0;
    server.time = 0;
    server.received = 0;
    for (let count = 0; count < amount; count += 1) {
      client.call((engine) => engine.send(message));
      this.#open.run();
    }
    if (server.received !== length * amount) throw new Error(`the server received ${server.received} bytes`);
    return { client: client.time, server: server.time };
  }

  #join(session: TlsSession | undefined): Joined {
    const joined = new Joined(this.#client, this.#server, session);
    if (joined.client.resumed !== (session !== undefined)) throw new Error('resumed otherwise than expected');
    return joined;
  }
}

/** A client and a server whose bytes go to each other. */
class Joined {
  readonly client: TimedEngine;
  readonly server: TimedEngine;

  constructor(
    client: ReturnType<TlsBackend['createClientContext']>,
    server: ReturnType<TlsBackend['createServerContext']>,
    session: TlsSession | undefined,
  ) {
    const options = { serverName: 'localhost', ...(session !== undefined && { session }) };
    this.client = new TimedEngine((sink) => client.createEngine(options, sink));
    this.server = new TimedEngine((sink) => server.createEngine(sink));
    this.client.call((engine) => engine.start());
    this.server.call((engine) => engine.start());
    this.run();
  }

  get session(): TlsSession | undefined {
    return this.client.session;
  }

  /** Carries bytes until neither side has any. */
  run(): void {
    while (this.client.sent.length > 0 || this.server.sent.length > 0) {
      this.server.takeFrom(this.client);
      this.client.takeFrom(this.server);
    }
  }

  destroy(): void {
    this.client.call((engine) => engine.destroy());
    this.server.call((engine) => engine.destroy());
  }
}

/** An engine and the microseconds that its calls took. */
class TimedEngine {
  time = 0;
  received = 0;
  resumed = false;
  session: TlsSession | undefined;
  sent: Uint8Array[] = [];
  readonly #engine: TlsEngine;

  constructor(make: (sink: EngineSink) => TlsEngine) {
    const startedAt = performance.now();
    this.#engine = make({
      ciphertext: (batch) => void this.sent.push(batch),
      plaintext: (batch) => {
        this.received += batch.length;
      },
      handshake: ({ resumed }) => {
        this.resumed = resumed;
      },
      session: (session) => {
        this.session ??= session;
      },
      keyLog: () => undefined,
      closed: () => undefined,
      failed: (error) => {
        throw error;
      },
    });
    this.time += (performance.now() - startedAt) * 1000;
  }

  call(work: (engine: TlsEngine) => void): void {
    const startedAt = performance.now();
    work(this.#engine);
    this.time += (performance.now() - startedAt) * 1000;
  }

  takeFrom(other: TimedEngine): void {
    const { sent } = other;
    other.sent = [];
    for (const batch of sent) this.call((engine) => engine.receive(batch));
  }
}

function noSession(): never {
  throw new Error('no session came');
}
