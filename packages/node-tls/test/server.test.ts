import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import nodeTls from 'node:tls';
import { describe, expect, test } from 'vitest';
import {
  connect,
  createSecureContext,
  createServer,
  Server,
  type ConnectionOptions,
  type TLSSocket,
  type TlsOptions,
} from '../src/index.ts';
import {
  backends,
  close,
  connectPair,
  clientErrorOf,
  failureOf,
  leaf,
  listen,
  root,
  serverOptions,
  stranger,
  trusting,
} from './support.ts';

const named = await Promise.all(
  ['a.example', 'www.wild.example', 'last.example'].map(async (name) => root.issue({ names: [name] })),
);
const [forA, forWild, forLast] = named.map(({ chainPem: cert, privateKeyPem: key }) => ({ cert, key }));
const clientIdentity = await root.issue({ names: ['client.example'] });
const strangersIdentity = await stranger.issue({ names: ['client.example'] });

/** The name of the certificate that a server shows. */
async function shownTo(port: number, options: ConnectionOptions): Promise<string | undefined> {
  const socket = connect({ ...trusting(port), checkServerIdentity: () => undefined, ...options });
  await once(socket, 'secureConnect');
  const { subjectaltname } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}

describe.each(backends)('a server over %s', (_name, backend) => {
  test('talks to a client of Node', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('hello'));
    const port = await listen(server);
    const socket = nodeTls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca: root.certificatePem });
    expect(await text(socket)).toBe('hello');
    await close(server);
  });

  test('addContext has a context for a name and for a wildcard, of which the last that fits is used', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    server.addContext('a.example', forA ?? {});
    server.addContext('*.wild.example', createSecureContext(forWild));
    server.addContext('last.example', forA ?? {});
    server.addContext('last.example', forLast ?? {});
    const names = ['a.example', 'www.wild.example', 'more.www.wild.example', 'last.example', 'localhost'];
    const shown = await Promise.all(names.map(async (servername) => shownTo(port, { servername, backend })));
    expect(shown).toEqual([
      'DNS:a.example',
      'DNS:www.wild.example',
      'DNS:localhost',
      'DNS:last.example',
      'DNS:localhost',
    ]);
    await close(server);
  });

  test('SNICallback chooses the context, at once or later, and its error ends the handshake', async () => {
    const server = createServer({
      ...serverOptions,
      backend,
      SNICallback: (servername, done) => {
        if (servername === 'bad.example') done(new Error('no such name'));
        else setImmediate(done, null, servername === 'a.example' ? createSecureContext(forA) : undefined);
      },
    });
    const port = await listen(server);
    expect(await shownTo(port, { servername: 'a.example', backend })).toBe('DNS:a.example');
    expect(await shownTo(port, { servername: 'other.example', backend })).toBe('DNS:localhost');
    const failed = once(server, 'tlsClientError') as Promise<[Error]>;
    await failureOf({ ...trusting(port), backend, servername: 'bad.example' });
    expect((await failed)[0]).toMatchObject({ message: 'no such name' });
    await close(server);
  });

  test('ALPNCallback chooses a protocol of those that are offered, or refuses them all', async () => {
    const server = createServer({
      ...serverOptions,
      backend,
      ALPNCallback: ({ servername, protocols }) => (servername === 'localhost' ? protocols.at(-1) : undefined),
    });
    expect(server).toMatchObject({ ALPNCallback: expect.any(Function) as object });
    const port = await listen(server);
    const socket = connect({ ...trusting(port), backend, ALPNProtocols: ['a', 'b'] });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe('b');
    socket.destroy();
    const error = await failureOf({ ...trusting(port), backend, servername: 'a.example', ALPNProtocols: ['a'] });
    expect(error).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
    await close(server);
  });

  test('setKeyCert in ALPNCallback says who the server is, and leaves whom it trusts and what it speaks', async () => {
    const server = createServer(
      {
        ...serverOptions,
        backend,
        minVersion: 'TLSv1.3',
        requestCert: true,
        ca: root.certificatePem,
        ALPNCallback(this: TLSSocket, { protocols: [first] }) {
          this.setKeyCert({ ...forA, ca: stranger.certificatePem });
          return first;
        },
      },
      (socket) => socket.resume(),
    );
    const port = await listen(server);
    const options = { backend, servername: 'a.example', ALPNProtocols: ['a'] };
    const { chainPem: cert, privateKeyPem: key } = clientIdentity;
    const accepted = once(server, 'secureConnection');
    expect(await shownTo(port, { ...options, cert, key })).toBe('DNS:a.example');
    await accepted;
    const untrusted = clientErrorOf(server);
    const socket = connect({
      ...trusting(port),
      ...options,
      cert: strangersIdentity.chainPem,
      key: strangersIdentity.privateKeyPem,
    });
    socket.on('error', () => undefined);
    expect(await untrusted).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    const older = await failureOf({ ...trusting(port), ...options, cert, key, maxVersion: 'TLSv1.2' });
    expect(older).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await close(server);
  });

  test('requestCert refuses a client without a certificate, or with one that is not to be trusted', async () => {
    const options = { ...serverOptions, backend, requestCert: true, ca: root.certificatePem };
    const server = createServer({ ...options, maxVersion: 'TLSv1.2' });
    const port = await listen(server);
    const without = clientErrorOf(server);
    await failureOf({ ...trusting(port), backend });
    expect(await without).toMatchObject({ code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
    const untrusted = clientErrorOf(server);
    const { chainPem: cert, privateKeyPem: key } = strangersIdentity;
    await failureOf({ ...trusting(port), backend, cert, key });
    expect(await untrusted).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await close(server);
  });

  test('rejectUnauthorized: false goes on, and says why the client is not to be trusted', async () => {
    const options: TlsOptions = { requestCert: true, rejectUnauthorized: false, ca: root.certificatePem };
    const { chainPem: cert, privateKeyPem: key } = strangersIdentity;
    {
      await using pair = await connectPair(backend, options, { cert, key });
      expect(pair.accepted.authorized).toBe(false);
      expect(pair.accepted.authorizationError).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(pair.accepted.getPeerCertificate().subjectaltname).toBe('DNS:client.example');
    }
    {
      await using pair = await connectPair(backend, options);
      expect(pair.accepted.authorizationError).toBe('UNABLE_TO_GET_ISSUER_CERT');
    }
    const ours = { cert: clientIdentity.chainPem, key: clientIdentity.privateKeyPem };
    await using pair = await connectPair(backend, options, ours);
    expect(pair.accepted.authorized).toBe(true);
    expect(pair.accepted.authorizationError).toBeNull();
  });

  test.each([null, 0, 1, 'yes'])(
    'rejectUnauthorized: %j of a server that asks rejects, as all but false does',
    async (rejectUnauthorized) => {
      const odd = { requestCert: 1, rejectUnauthorized } as unknown as TlsOptions;
      const server = createServer({ ...serverOptions, backend, ca: root.certificatePem, ...odd });
      const { chainPem: cert, privateKeyPem: key } = strangersIdentity;
      const failed = clientErrorOf(server);
      const socket = connect({ ...trusting(await listen(server)), backend, cert, key });
      socket.on('error', () => undefined);
      expect(await failed).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      await close(server);
    },
  );

  test('getTicketKeys and setTicketKeys: servers that share 48 bytes resume each other’s sessions', async () => {
    const servers = [0, 1].map(() => createServer({ ...serverOptions, backend }, (socket) => socket.end('x')));
    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error('two servers');
    expect(first.getTicketKeys()).toHaveLength(48);
    second.setTicketKeys(first.getTicketKeys());
    expect(() => second.setTicketKeys(Buffer.alloc(47))).toThrow(/48-byte buffer/);
    const [port, otherPort] = await Promise.all([listen(first), listen(second)]);
    const socket = connect({ ...trusting(port), backend });
    const [session] = (await once(socket, 'session')) as [Buffer];
    await text(socket);
    const resumed = connect({ ...trusting(otherPort), backend, session });
    await once(resumed, 'secureConnect');
    expect(resumed.isSessionReused()).toBe(true);
    resumed.destroy();
    await Promise.all(servers.map(async (each) => close(each)));
  });

  test('setSecureContext is used by connections that come later', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    expect(await shownTo(port, { backend })).toBe('DNS:localhost');
    server.setSecureContext(forA ?? {});
    expect(await shownTo(port, { backend })).toBe('DNS:a.example');
    await close(server);
  });

  test('OCSPRequest staples what its listener gives', async () => {
    const server = createServer({ ...serverOptions, backend });
    const asked: unknown[] = [];
    server.on(
      'OCSPRequest',
      (certificate: Buffer, issuer: Buffer | null, done: (error: null, response: Buffer) => void) => {
        asked.push(certificate.length > 0, issuer);
        done(null, Buffer.from('a response'));
      },
    );
    const socket = connect({ ...trusting(await listen(server)), backend, requestOCSP: true });
    const [response] = (await once(socket, 'OCSPResponse')) as [Buffer];
    expect(response.toString()).toBe('a response');
    expect(asked).toEqual([true, null]);
    socket.destroy();
    await close(server);
  });

  test('handshakeTimeout is ERR_TLS_HANDSHAKE_TIMEOUT', async () => {
    const server = createServer({ ...serverOptions, backend, handshakeTimeout: 20 });
    const port = await listen(server);
    const silent = net
      .connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    expect(await clientErrorOf(server)).toMatchObject({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
    silent.destroy();
    await close(server);
  });

  test('handshakeTimeout leaves the client with ECONNRESET, as Node does', async () => {
    const never = (): void => undefined;
    const server = createServer({ ...serverOptions, backend, handshakeTimeout: 200, SNICallback: never });
    const told = clientErrorOf(server);
    const port = await listen(server);
    expect(await failureOf({ ...trusting(port), backend })).toMatchObject({
      code: 'ECONNRESET',
      host: '127.0.0.1',
      port,
    });
    expect(await told).toMatchObject({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
    await close(server);
  });

  test('tlsClientError tells of a client that hangs up in its handshake, and of one that does not speak TLS', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    for (const [said, code] of [
      ['', 'ECONNRESET'],
      ['GET / HTTP/1.1\r\n\r\n', 'ERR_SSL_HTTP_REQUEST'],
    ] as const) {
      const failed = clientErrorOf(server);
      const plain = net.connect(port, '127.0.0.1').on('error', () => undefined);
      plain.resume().end(said);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await failed).toMatchObject({ code });
    }
    await close(server);
  });

  test('keylog of the server tells the secrets of its connections', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    const told = once(server, 'keylog');
    const socket = connect({ ...trusting(port), backend });
    await once(socket, 'secureConnect');
    const [line, connection] = (await told) as [Buffer, TLSSocket];
    expect(line.toString()).toMatch(/^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n$/);
    expect(connection.server).toBe(server);
    socket.destroy();
    await close(server);
  });

  test('pauseOnConnect gives out a socket that waits for resume()', async () => {
    await using pair = await connectPair(backend, { pauseOnConnect: true });
    expect(pair.accepted.isPaused()).toBe(true);
    pair.client.end('hello');
    expect(await text(pair.accepted)).toBe('hello');
  });

  test('what a listener of secureConnection rejects with destroys its connection alone', async () => {
    EventEmitter.captureRejections = true;
    const server = createServer({ ...serverOptions, backend });
    EventEmitter.captureRejections = false;
    const failed = new Promise<Error>((resolve) => {
      server.on('secureConnection', (connection) => connection.on('error', resolve));
    });
    // oxlint-disable-next-line typescript/no-misused-promises -- that is what the option is for
    server.on('secureConnection', async () => Promise.reject(new Error('kaboom')));
    const socket = connect({ ...trusting(await listen(server)), backend });
    socket.on('error', () => undefined);
    expect(await failed).toMatchObject({ message: 'kaboom' });
    socket.destroy();
    await close(server);
  });

  test('a connection of a net.Server may be handed over by the event connection', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('upgraded'));
    const plain = net.createServer((socket) => server.emit('connection', socket));
    const socket = connect({ ...trusting(await listen(plain)), backend });
    expect(await text(socket)).toBe('upgraded');
    await close(plain);
  });
});

describe('a server that keeps sessions', () => {
  const [, pure] = backends[0] ?? [];
  const [, native] = backends[1] ?? [];

  test('newSession is not emitted by a backend without a store, whose tickets hold the sessions', async () => {
    const server = createServer({ ...serverOptions, backend: native }, (socket) => socket.end('x'));
    server.on('newSession', () => expect.unreachable('tls-native has no store'));
    const port = await listen(server);
    const first = connect({ ...trusting(port), backend: native });
    const [session] = (await once(first, 'session')) as [Buffer];
    await text(first);
    const second = connect({ ...trusting(port), backend: native, session });
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
    await close(server);
  });

  test('newSession and resumeSession keep sessions in the program', async () => {
    const kept = new Map<string, Buffer>();
    // SSL_OP_NO_TICKET
    const server = createServer({ ...serverOptions, backend: pure, secureOptions: 0x4000 }, (socket) =>
      socket.end('x'),
    );
    server.on('newSession', (id: Buffer, state: Buffer, done: () => void) => {
      kept.set(id.toString('hex'), state);
      done();
    });
    server.on('resumeSession', (id: Buffer, done: (error: null, state: Buffer | null) => void) => {
      done(null, kept.get(id.toString('hex')) ?? null);
    });
    const port = await listen(server);
    const first = connect({ ...trusting(port), backend: pure });
    const [session] = (await once(first, 'session')) as [Buffer];
    await text(first);
    expect(kept.size).toBeGreaterThan(0);
    const second = connect({ ...trusting(port), backend: pure, session });
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
    await close(server);
  });

  test.each(['newSession', 'resumeSession', 'OCSPRequest'])(
    'what a listener of %s throws is the program’s, and the handshake goes on without it',
    async (event) => {
      const server = createServer({ ...serverOptions, backend: pure, secureOptions: 0x4000 }, (socket) =>
        socket.end('x'),
      );
      const fault = new Error(`a listener of ${event}`);
      const thrown: unknown[] = [];
      process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
      server.on('newSession', (_id: Buffer, _state: Buffer, done: () => void) => done());
      server.prependListener(event, () => {
        throw fault;
      });
      try {
        const port = await listen(server);
        const options = { ...trusting(port), backend: pure, requestOCSP: true };
        const first = connect(options);
        const [session] = (await once(first, 'session')) as [Buffer];
        expect(await text(first)).toBe('x');
        const second = connect({ ...options, session });
        await once(second, 'secureConnect');
        expect(second.isSessionReused()).toBe(false);
        expect(await text(second)).toBe('x');
      } finally {
        process.setUncaughtExceptionCaptureCallback(null);
        await close(server);
      }
      expect(new Set(thrown)).toEqual(new Set([fault]));
    },
  );
});

test('Server may be called without new, is a net.Server, and can be extended', async () => {
  const server = Server(serverOptions);
  expect(server).toBeInstanceOf(Server);
  expect(server).toBeInstanceOf(net.Server);
  class Extended extends Server {}
  expect(new Extended(serverOptions)).toBeInstanceOf(Server);
  expect(server).not.toBeInstanceOf(Extended);
});

test('an option that cannot be is refused with Node’s code', () => {
  const callback = (): undefined => undefined;
  const refusals = [
    [{ ALPNCallback: callback, ALPNProtocols: ['a'] }, 'ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS'],
    [{ handshakeTimeout: 'soon' }, 'ERR_INVALID_ARG_TYPE'],
    [{ SNICallback: 'name' }, 'ERR_INVALID_ARG_TYPE'],
    [{ pskCallback: 'name' }, 'ERR_INVALID_ARG_TYPE'],
    [{ enableTrace: 'yes' }, 'ERR_INVALID_ARG_TYPE'],
    [{ enableTrace: true }, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'],
  ] as const;
  for (const [options, code] of refusals) {
    const make = (): unknown => createServer({ ...serverOptions, ...options } as TlsOptions);
    expect(make).toThrow(expect.objectContaining({ code }));
  }
  expect(() => createServer('x' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  const server = createServer({ cert: leaf.chainPem, key: leaf.privateKeyPem });
  expect(() => server.addContext('', {})).toThrow(expect.objectContaining({ code: 'ERR_TLS_REQUIRED_SERVER_NAME' }));
});
