import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls';
import type { TlsEngine } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { only } from '../connections.ts';
import { expect } from '../expect.ts';
import { certificates, rootPem } from '../fixtures.ts';
import { identityOf, makeContexts, MemorySink, type ContextOptions } from '../memory-pair.ts';

/** OpenSSL's SSL_OP_NO_EXTENDED_MASTER_SECRET, which Node does not name. Our backends always offer and accept the extension. */
const noExtendedMainSecret = 1;
const applies = (roles: Roles): boolean =>
  bothSpeak('TLSv1.2')(roles) && bothHave('exporter')(roles) && bothHave('resumption')(roles);
const authenticates = (roles: Roles): boolean => applies(roles) && bothHave('clientAuthentication')(roles);
const versions = only('TLSv1.2');
const refused = expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }) as Error;
const anyClient = { clientAuthentication: 'request', dangerous: { acceptAnyClientCertificate: true } } as const;

/** What peers without extended_master_secret must not get (RFC 7627 §5.3, §5.4). Those peers are played by node:tls. */
export const withoutExtendedMainSecretCases: readonly ConformanceCase[] = [
  {
    id: 'tls-1.2/no-extended-secret-as-server',
    title: 'RFC 7627 §5.4 a server exports nothing of a connection whose secret does not cover the handshake',
    applies,
    run: async (roles) => {
      const server = startServer(roles, { server: versions });
      await server.meet(undefined);
      expect(server.sink.info).toMatchObject({ extendedMainSecret: false, resumed: false });
      expectNoExport(server.engine);
    },
  },
  {
    id: 'tls-1.2/no-extended-secret-resumed',
    title: 'RFC 7627 §5.3 a client’s certificate is not resumed with a secret that does not cover the handshake',
    applies: authenticates,
    run: async (roles) => {
      for (const [identity, resumed] of [
        [identityOf('wrongPurpose'), false],
        [undefined, true],
      ] as const) {
        const { server: context } = makeContexts(roles, { server: { ...versions, ...anyClient } });
        const connection = () => meetNodeClient((sink) => context.createEngine(sink));
        const first = await connection().meet(undefined, identity);
        const second = connection();
        await second.meet(first, identity);
        expect(second.sink.info).toMatchObject({
          extendedMainSecret: false,
          resumed,
          clientAuthentication: identity === undefined ? 'requested' : 'provided',
        });
        expectNoExport(second.engine);
      }
    },
  },
  {
    id: 'tls-1.2/no-extended-secret-as-client',
    title: 'RFC 7627 §5.3 a client exports nothing then, and keeps no session in which it has proven itself',
    applies: authenticates,
    run: async (roles) => {
      for (const identity of [identityOf('wrongPurpose'), undefined]) {
        const { client } = makeContexts(roles, { client: { ...versions, ...(identity && { identity }) } });
        const sink = new MemorySink();
        const engine = client.createEngine({ serverName: 'localhost' }, sink);
        await meetNodeServer(engine, sink);
        expect(sink.info).toMatchObject({ extendedMainSecret: false });
        expect(sink.info?.clientAuthentication).toBe(identity === undefined ? 'requested' : 'provided');
        expect(sink.sessions).toHaveLength(identity === undefined ? 1 : 0);
        expectNoExport(engine);
      }
    },
  },
];

function expectNoExport(engine: TlsEngine): void {
  expect(() => engine.exportKeyingMaterial('EXPORTER-Channel-Binding', new Uint8Array(0), 32)).toThrow(refused);
}

function startServer(roles: Roles, options: ContextOptions) {
  const { server } = makeContexts(roles, options);
  return meetNodeClient((sink) => server.createEngine(sink));
}

/** Connects a client of node:tls to an engine. */
function meetNodeClient(makeEngine: (sink: MemorySink) => TlsEngine) {
  const sink = new MemorySink();
  const engine = makeEngine(sink);
  /** @returns the client's session */
  const meet = async (session: Buffer | undefined, identity?: ReturnType<typeof identityOf>) => {
    engine.start();
    const socket = connect({
      socket: new EngineTransport(engine, sink),
      servername: 'localhost',
      ca: rootPem,
      secureOptions: noExtendedMainSecret,
      ...versions,
      ...(identity && { cert: identity.certificateChain, key: identity.privateKey }),
      ...(session && { session }),
    });
    await once(socket, 'secureConnect');
    while (sink.info === undefined) await sink.activity();
    const made = socket.getSession();
    socket.destroy();
    return made;
  };
  return { engine, sink, meet };
}

async function meetNodeServer(engine: TlsEngine, sink: MemorySink): Promise<void> {
  const { chainPem, privateKeyPem } = certificates['ecdsa-p256'];
  const context: SecureContextOptions = { cert: chainPem, key: privateKeyPem, secureOptions: noExtendedMainSecret };
  const socket = new TLSSocket(new EngineTransport(engine, sink), {
    isServer: true,
    requestCert: true,
    rejectUnauthorized: false,
    secureContext: createSecureContext({ ...context, ...versions }),
  });
  const secured = once(socket, 'secure');
  engine.start();
  await secured;
  while (sink.info === undefined) await sink.activity();
  socket.destroy();
}

/** Makes an engine the transport of node:tls. */
class EngineTransport extends Duplex {
  readonly #engine: TlsEngine;
  readonly #sink: MemorySink;

  constructor(engine: TlsEngine, sink: MemorySink) {
    super();
    this.#engine = engine;
    this.#sink = sink;
    sink.answer = (event) => {
      if (event === 'ciphertext') for (const batch of sink.outgoing.splice(0)) this.push(batch);
    };
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (this.#sink.failure === undefined) this.#engine.receive(chunk);
    done();
  }
}
