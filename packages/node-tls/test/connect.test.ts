import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import nodeTls from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { TLSSocket } from '../src/index.ts';
import {
  connect,
  createSecureContext,
  createServer,
  type ConnectionOptions,
  getCACertificates,
  setDefaultBackend,
  setDefaultCACertificates,
} from '../src/index.ts';
import {
  backends,
  close,
  connectPair,
  clientErrorOf,
  failureOf,
  listen,
  root,
  serverOptions,
  stranger,
  trusting,
} from './support.ts';

describe.each(backends)('connect over %s', (_name, backend) => {
  test('talks to a server of Node', async () => {
    const server = nodeTls.createServer(serverOptions, (socket) => socket.end('hello'));
    const socket = connect({ ...trusting(await listen(server)), backend });
    expect(await text(socket)).toBe('hello');
    await close(server);
  });

  test('takes port, host, options and a listener in Node’s order, of which all but the first may be missing', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end());
    const port = await listen(server);
    const { host, ...options } = { ...trusting(port), backend };
    const calls: readonly ((listener: () => void) => TLSSocket)[] = [
      (listener) => connect(port, '127.0.0.1', options, listener),
      (listener) => connect(port, { ...options, host }, listener),
      (listener) => connect({ ...options, host }, listener),
    ];
    for (const call of calls) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await new Promise<void>((resolve) => {
        const socket = call(() => {
          socket.destroy();
          resolve();
        });
      });
    }
    await close(server);
    expect.assertions(0);
  });

  test('emits connect, ready, secureConnect and session in Node’s order', async () => {
    const events: string[] = [];
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('x'));
    const socket = connect({ ...trusting(await listen(server)), backend });
    for (const event of ['connect', 'ready', 'secureConnect', 'end', 'close'])
      socket.on(event, () => events.push(event));
    socket.once('session', () => events.push('session'));
    await text(socket);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.filter((each) => each !== 'session')).toEqual(['connect', 'ready', 'secureConnect', 'end', 'close']);
    expect(events.indexOf('session')).toBeGreaterThan(events.indexOf('secureConnect'));
    await close(server);
  });

  test('an error of the connection is Node’s own, with syscall, address and port', async () => {
    const server = net.createServer();
    const port = await listen(server);
    await close(server);
    const error = await failureOf({ ...trusting(port), backend });
    expect(error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port });
  });

  test('a connection that ends in its handshake is ECONNRESET with what was dialled', async () => {
    const server = net.createServer((socket) => socket.resume().end());
    const port = await listen(server);
    const error = await failureOf({ ...trusting(port), backend });
    expect(error).toMatchObject({ code: 'ECONNRESET', host: '127.0.0.1', port });
    expect(error.message).toBe('Client network socket disconnected before secure TLS connection was established');
    await close(server);
  });

  test('a peer that does not speak TLS is ERR_SSL_WRONG_VERSION_NUMBER', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const error = await failureOf({ ...trusting(await listen(server)), backend });
    expect(error).toMatchObject({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
    await close(server);
  });

  test.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', { ca: stranger.certificatePem }],
    ['ERR_TLS_CERT_ALTNAME_INVALID', { servername: 'elsewhere.example' }],
  ] as const)(
    'a server that is not to be trusted is refused with %s, and is told so by an alert',
    async (code, options) => {
      const server = createServer({ ...serverOptions, backend });
      const port = await listen(server);
      const alerted = clientErrorOf(server);
      expect(await failureOf({ ...trusting(port), backend, ...options })).toMatchObject({ code });
      const alert = await alerted;
      expect(alert).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_.*ALERT/) as string });
      await close(server);
    },
  );

  test('rejectUnauthorized: false goes on and says why the server is not to be trusted', async () => {
    const options = { ca: stranger.certificatePem, rejectUnauthorized: false };
    await using pair = await connectPair(backend, {}, options);
    expect(pair.client.authorized).toBe(false);
    expect(pair.client.authorizationError).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  test.each([undefined, null, 0, 1, '', 'yes', 'false'])(
    'rejectUnauthorized: %j rejects, as all but false does',
    async (rejectUnauthorized) => {
      const server = createServer({ ...serverOptions, backend });
      const options = { ...trusting(await listen(server)), ca: stranger.certificatePem, backend };
      const error = await failureOf({ ...options, rejectUnauthorized: rejectUnauthorized as unknown as boolean });
      expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      await close(server);
    },
  );

  test('checkServerIdentity is given the host and the certificate with its issuers, and its error is the connection’s', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    const reason = new Error('not this one');
    const seen: unknown[] = [];
    const error = await failureOf({
      ...trusting(port),
      backend,
      checkServerIdentity: (hostname, certificate) => {
        seen.push(hostname, certificate.subjectaltname);
        return reason;
      },
    });
    expect(error).toBe(reason);
    expect(seen).toEqual(['localhost', 'DNS:localhost']);
    await close(server);
  });

  test('checkServerIdentity that is asynchronous refuses, since Node does not wait for it', async () => {
    const server = createServer({ ...serverOptions, backend });
    const port = await listen(server);
    const later = (async () => Promise.resolve()) as unknown as () => undefined;
    const error = await failureOf({ ...trusting(port), backend, checkServerIdentity: later });
    expect(error.message).toContain('Promise');
    await close(server);
  });

  test('servername is sent, and without it no name is', async () => {
    {
      await using pair = await connectPair(backend);
      expect(pair.accepted.servername).toBe('localhost');
      expect(pair.client.servername).toBe('localhost');
    }
    const options: ConnectionOptions = { servername: undefined, checkServerIdentity: () => undefined };
    await using pair = await connectPair(backend, {}, options);
    expect(pair.accepted.servername).toBe(false);
    expect(pair.client.servername).toBe(false);
  });

  test('ALPNProtocols are offered as strings, as buffers and as the bytes of the extension', async () => {
    for (const ALPNProtocols of [['b', 'a'], [Buffer.from('b')], Buffer.from('\x01b\x01a')]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await using pair = await connectPair(
        backend,
        { ALPNProtocols: ['a', 'b'] },
        { ALPNProtocols: ALPNProtocols as string[] },
      );
      expect(pair.client.alpnProtocol).toBe(pair.accepted.alpnProtocol);
      expect(['a', 'b']).toContain(pair.client.alpnProtocol);
    }
    await using pair = await connectPair(backend);
    expect(pair.client.alpnProtocol).toBe(false);
  });

  test('session resumes, from the event session and from getSession', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('x'));
    const port = await listen(server);
    const first = connect({ ...trusting(port), backend });
    const [session] = (await once(first, 'session')) as [Buffer];
    expect(first.getSession()).toBeInstanceOf(Buffer);
    await text(first);
    const second = connect({ ...trusting(port), backend, session });
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(true);
    expect(second.authorized).toBe(true);
    expect(second.getTLSTicket()).toBeInstanceOf(Buffer);
    second.destroy();
    await close(server);
  });

  test('a session that was made without trust gives none when it is resumed', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => {
      // the client that refuses tells so when the handshake is done here
      socket.on('error', () => undefined).end('x');
    });
    const port = await listen(server);
    const options = { ...trusting(port), backend, ca: stranger.certificatePem };
    const first = connect({ ...options, rejectUnauthorized: false });
    const [session] = (await once(first, 'session')) as [Buffer];
    await text(first);
    const error = await failureOf({ ...options, session });
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await close(server);
  });

  test('secureContext is used in place of ca, cert and key', async () => {
    const secureContext = createSecureContext({ ca: root.certificatePem });
    await using pair = await connectPair(backend, {}, { secureContext, ca: undefined });
    expect(pair.client.authorized).toBe(true);
  });

  test('socket is a connection that is there already, also one of this package', async () => {
    const inner = createServer({ ...serverOptions, backend }, (socket) => socket.end('inside'));
    const innerPort = await listen(inner);
    const outer = createServer({ ...serverOptions, backend }, (socket) => {
      const tunnel = net.connect(innerPort, '127.0.0.1');
      socket.pipe(tunnel).pipe(socket);
    });
    const tunnel = connect({ ...trusting(await listen(outer)), backend });
    const socket = connect({ socket: tunnel, servername: 'localhost', ca: root.certificatePem, backend });
    expect(await text(socket)).toBe('inside');
    await Promise.all([close(inner), close(outer)]);
  });

  test('path is a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'node-tls-'));
    const path = join(folder, 'socket');
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('hello'));
    server.listen(path);
    await once(server, 'listening');
    const socket = connect({ path, servername: 'localhost', ca: root.certificatePem, backend });
    expect(await text(socket)).toBe('hello');
    await close(server);
    rmSync(folder, { recursive: true });
  });

  test('lookup resolves the host, and the event lookup tells of it', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('hello'));
    const port = await listen(server);
    const socket = connect({
      ...trusting(port),
      backend,
      host: 'anything.example',
      lookup: (_host, options, done) => {
        const address = '127.0.0.1';
        if (options.all === true) process.nextTick(done, null, [{ address, family: 4 }]);
        else process.nextTick(done, null, address, 4);
      },
    });
    const looked: unknown[] = [];
    socket.on('lookup', (_error, address) => looked.push(address));
    expect(await text(socket)).toBe('hello');
    expect(looked).toEqual(['127.0.0.1']);
    await close(server);
  });

  test('signal destroys the socket at any time', async () => {
    const controller = new AbortController();
    await using pair = await connectPair(backend, {}, { signal: controller.signal });
    const failed = once(pair.client, 'error');
    controller.abort();
    expect((await failed)[0]).toMatchObject({ name: 'AbortError' });
  });

  test('signal that is aborted already has nothing dialled', async () => {
    const socket = connect({ ...trusting(1), backend, signal: AbortSignal.abort() });
    expect(socket._parent).toMatchObject({ connecting: false, destroyed: true });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  test('without default authorities nobody is trusted but by ca', async () => {
    const before = getCACertificates();
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.resume());
    const port = await listen(server);
    setDefaultCACertificates([]);
    try {
      const socket = connect({ ...trusting(port), backend });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
      const error = await failureOf({ port, host: '127.0.0.1', servername: 'localhost', backend });
      expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      const partial = { port, host: '127.0.0.1', servername: 'localhost', backend, allowPartialTrustChain: true };
      expect(await failureOf(partial)).toMatchObject({ code: expect.stringMatching(/^UNABLE_TO_/u) as string });
    } finally {
      setDefaultCACertificates(before);
      await close(server);
    }
  });

  test('onread gives what comes in the program’s own buffer', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end('hello world'));
    const buffer = Buffer.alloc(4);
    let received = '';
    const socket = connect({
      ...trusting(await listen(server)),
      backend,
      onread: {
        buffer,
        callback: (length, into) => {
          received += Buffer.from(into.subarray(0, length)).toString();
          return true;
        },
      },
    });
    await once(socket, 'end');
    expect(received).toBe('hello world');
    await close(server);
  });

  test('highWaterMark, allowHalfOpen and timeout are the socket’s', async () => {
    const options = { highWaterMark: 1234, allowHalfOpen: true, timeout: 100_000 };
    await using pair = await connectPair(backend, {}, options);
    expect(pair.client.readableHighWaterMark).toBe(1234);
    expect(pair.client.allowHalfOpen).toBe(true);
    expect(pair.client.timeout).toBe(100_000);
  });

  test('requestOCSP has the event OCSPResponse tell what the server stapled, or null', async () => {
    const server = createServer({ ...serverOptions, backend });
    const socket = connect({ ...trusting(await listen(server)), backend, requestOCSP: true });
    const [response] = (await once(socket, 'OCSPResponse')) as [Buffer | null];
    expect(response).toBeNull();
    socket.destroy();
    await close(server);
  });

  test('keylog tells the secrets in NSS key log format to whoever listens before the handshake begins', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.end());
    const socket = connect({ ...trusting(await listen(server)), backend });
    const [line] = (await once(socket, 'keylog')) as [Buffer];
    expect(line.toString()).toMatch(/^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+\n$/);
    socket.destroy();
    await close(server);
  });

  test('a client’s certificate is shown to a server that asks for it', async () => {
    const identity = await root.issue({ names: ['client.example'] });
    await using pair = await connectPair(
      backend,
      { requestCert: true, ca: root.certificatePem },
      { cert: identity.chainPem, key: identity.privateKeyPem },
    );
    expect(pair.accepted.authorized).toBe(true);
    expect(pair.client.getCertificate()).toMatchObject({ subjectaltname: 'DNS:client.example' });
  });
});

test('minDHSize must be a positive number', () => {
  expect(() => connect({ port: 1, minDHSize: 0 })).toThrow(/minDHSize is not a positive number/);
  expect(() => connect({ port: 1, minDHSize: 'x' as never })).toThrow(/minDHSize is not a number/);
});

test('backend is a backend, and not the name of one', () => {
  const refusal = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }) as Error;
  expect(() => connect({ port: 1, backend: 'pure' as never })).toThrow(refusal);
  expect(() => createServer({ ...serverOptions, backend: {} as never })).toThrow(refusal);
  expect(() => setDefaultBackend('native' as never)).toThrow(refusal);
});
