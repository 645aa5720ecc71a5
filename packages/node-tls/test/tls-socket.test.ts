import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { connect, createServer, TLSSocket } from '../src/index.ts';
import {
  backends,
  clientErrorOf,
  close,
  connectPair,
  failureOf,
  leaf,
  listen,
  root,
  serverOptions,
  trusting,
} from './support.ts';

describe.each(backends)('a TLSSocket over %s', (_name, backend) => {
  test('is a net.Socket, says that it is encrypted, and knows the connection below', async () => {
    await using pair = await connectPair(backend);
    expect(pair.client).toBeInstanceOf(net.Socket);
    expect(pair.client).toBeInstanceOf(Duplex);
    expect(pair.client.encrypted).toBe(true);
    expect(pair.client.remoteAddress).toBe('127.0.0.1');
    expect(pair.client.address()).toMatchObject({ address: '127.0.0.1' });
    expect(pair.client.readyState).toBe('open');
    expect(pair.accepted.server).toBe(pair.server);
  });

  test('server side over a connection that is there, as a STARTTLS server makes it, emits secure', async () => {
    const server = net.createServer((below) => {
      const socket = new TLSSocket(below, { isServer: true, server, ...serverOptions, backend });
      socket.once('secure', () => socket.end('after STARTTLS'));
    });
    const socket = connect({ ...trusting(await listen(server)), backend });
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toBe('after STARTTLS');
    await close(server);
  });

  test('a client begins by its first write, and takes setServername and setSession until then', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.resume());
    const below = net.connect(await listen(server), '127.0.0.1');
    await once(below, 'connect');
    const socket = new TLSSocket(below, { ca: root.certificatePem, backend });
    await new Promise((resolve) => setImmediate(resolve));
    socket.setServername('localhost');
    socket.setSession(Buffer.from('no session'));
    const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    socket.write('hello');
    expect((await accepted)[0].servername).toBe('localhost');
    // nobody has asked who the server is
    expect(socket.authorized).toBe(false);
    socket.destroy();
    await close(server);
  });

  test('without a connection it dials by connect()', async () => {
    const server = createServer({ ...serverOptions, backend }, (socket) => socket.resume());
    const port = await listen(server);
    const socket = new TLSSocket(undefined, { backend });
    socket.connect(port, '127.0.0.1');
    expect(socket.connecting).toBe(true);
    await once(socket, 'connect');
    socket.write('begin');
    await once(socket, 'secure');
    socket.destroy();
    await close(server);
    expect(socket.getProtocol()).toMatch(/^TLSv1\.[23]$/);
  });

  test('_tlsError tells of a failed handshake that no server listens to', async () => {
    const below = new PassThrough();
    const socket = new TLSSocket(below, { isServer: true, ...serverOptions, backend });
    const failed = once(socket, '_tlsError') as Promise<[Error]>;
    below.on('error', () => undefined).write('this is no TLS at all');
    expect((await failed)[0]).toMatchObject({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  });

  test('getPeerCertificate shows the certificate, with its issuers where it is asked to', async () => {
    await using pair = await connectPair(backend);
    const certificate = pair.client.getPeerCertificate();
    expect(certificate.subjectaltname).toBe('DNS:localhost');
    expect(certificate).not.toHaveProperty('issuerCertificate');
    const detailed = pair.client.getPeerCertificate(true);
    expect(detailed.raw.equals(leaf.certificateDer)).toBe(true);
    const { issuerCertificate } = detailed;
    expect(issuerCertificate.raw.equals(root.certificateDer)).toBe(true);
    expect(issuerCertificate.issuerCertificate).toBe(issuerCertificate);
    expect(pair.client.getPeerX509Certificate()?.issuerCertificate?.raw.equals(root.certificateDer)).toBe(true);
    expect(pair.accepted.getPeerCertificate()).toEqual({});
    pair.client.destroy();
    expect(pair.client.getPeerCertificate()).toBeNull();
  });

  test('getCertificate and getX509Certificate show our own', async () => {
    await using pair = await connectPair(backend);
    expect(pair.accepted.getCertificate()).toMatchObject({ subjectaltname: 'DNS:localhost' });
    expect(pair.accepted.getX509Certificate()?.subjectAltName).toBe('DNS:localhost');
    expect(pair.client.getCertificate()).toEqual({});
    expect(pair.client.getX509Certificate()).toBeUndefined();
  });

  test('setKeyCert says who a server is until its handshake begins', async () => {
    const other = await root.issue({ names: ['other.example'] });
    const server = net.createServer((below) => {
      const socket = new TLSSocket(below, { isServer: true, ...serverOptions, backend });
      socket.setKeyCert({ cert: other.chainPem, key: other.privateKeyPem });
    });
    const socket = connect({ ...trusting(await listen(server)), backend, servername: 'other.example' });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().subjectaltname).toBe('DNS:other.example');
    socket.destroy();
    await close(server);
  });

  test('getProtocol, getCipher and getEphemeralKeyInfo say what was negotiated, by OpenSSL’s names', async () => {
    {
      await using pair = await connectPair(backend, {}, { maxVersion: 'TLSv1.2', ecdhCurve: 'prime256v1' });
      expect(pair.client.getProtocol()).toBe('TLSv1.2');
      expect(pair.client.getCipher().name).toMatch(/^ECDHE-ECDSA-/);
      expect(pair.client.getCipher().standardName).toMatch(/^TLS_ECDHE_ECDSA_WITH_/);
      expect(pair.client.getEphemeralKeyInfo()).toEqual({ type: 'ECDH', name: 'prime256v1', size: 256 });
      expect(pair.accepted.getEphemeralKeyInfo()).toBeNull();
    }
    await using pair = await connectPair(backend);
    expect(pair.client.getProtocol()).toBe('TLSv1.3');
    expect(pair.accepted.getCipher()).toEqual(pair.client.getCipher());
  });

  test('exportKeyingMaterial gives both sides the same, once the handshake is done', async () => {
    const early = new TLSSocket(undefined, { backend });
    expect(() => early.exportKeyingMaterial(32, 'label')).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_INVALID_STATE' }),
    );
    await using pair = await connectPair(backend);
    const context = Buffer.from('context');
    const material = pair.client.exportKeyingMaterial(32, 'EXPORTER-test', context);
    expect(material).toEqual(pair.accepted.exportKeyingMaterial(32, 'EXPORTER-test', context));
    const fault = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }) as unknown;
    expect(() => pair.client.exportKeyingMaterial('32' as never, 'label')).toThrow(fault);
  });

  test('renegotiate fails as on TLS 1.3, and disableRenegotiation has nothing to turn off', async () => {
    await using pair = await connectPair(backend);
    const failed = new Promise<Error | null>((resolve) => {
      expect(pair.client.renegotiate({}, resolve)).toBe(false);
    });
    expect(await failed).toMatchObject({ code: 'ERR_SSL_WRONG_SSL_VERSION' });
    pair.client.disableRenegotiation();
    expect(() => pair.client.renegotiate(null as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });

  test('setMaxSendFragment makes records that hold no more', async () => {
    await using pair = await connectPair(backend);
    expect(pair.client.setMaxSendFragment(511)).toBe(false);
    expect(pair.client.setMaxSendFragment(512)).toBe(true);
    const before = pair.client._parent as net.Socket;
    const sent = before.bytesWritten;
    pair.client.write(Buffer.alloc(5120));
    await once(pair.accepted, 'data');
    // ten records with what each adds
    expect(before.bytesWritten - sent).toBeGreaterThanOrEqual(5120 + 10 * 22);
  });

  test('getFinished, getPeerFinished and enableTrace are refused by name', async () => {
    await using pair = await connectPair(backend);
    for (const method of ['getFinished', 'getPeerFinished', 'enableTrace'] as const) {
      expect(() => pair.client[method]()).toThrow(
        expect.objectContaining({
          code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
          message: expect.stringContaining(method) as string,
        }) as Error,
      );
    }
  });

  test('getSharedSigalgs says on a server what both sides can sign with', async () => {
    const sigalgs = 'ECDSA+SHA256:ECDSA+SHA384';
    await using pair = await connectPair(backend, { sigalgs: 'ECDSA+SHA384:ECDSA+SHA256' }, { sigalgs });
    expect(pair.accepted.getSharedSigalgs().toSorted()).toEqual(['ECDSA+SHA256', 'ECDSA+SHA384']);
    expect(pair.client.getSharedSigalgs()).toEqual([]);
  });

  test('signature schemes that have nothing in common have an error of their own', async () => {
    const server = createServer({ ...serverOptions, backend, sigalgs: 'ECDSA+SHA256' });
    const port = await listen(server);
    const failed = clientErrorOf(server);
    await failureOf({ ...trusting(port), backend, sigalgs: 'ECDSA+SHA384' });
    expect(await failed).toMatchObject({ code: 'ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS' });
    await close(server);
  });

  test('bytesRead and bytesWritten count what the program reads and writes', async () => {
    await using pair = await connectPair(backend);
    pair.client.write('hello');
    await once(pair.accepted, 'data');
    expect(pair.client.bytesWritten).toBe(5);
    expect(pair.accepted.bytesRead).toBe(5);
  });

  test('an end of the connection without close_notify is an end, as in Node', async () => {
    await using pair = await connectPair(backend);
    pair.client.resume();
    const ended = once(pair.client, 'end');
    (pair.accepted._parent as net.Socket).destroySoon();
    await ended;
    expect(pair.client.errored).toBeNull();
  });

  test('whoever destroys the connection below destroys the socket', async () => {
    await using pair = await connectPair(backend);
    pair.accepted._parent.destroy();
    await once(pair.accepted, 'close');
    expect(pair.accepted.destroyed).toBe(true);
  });

  test('setTimeout, ref, unref, setNoDelay and setKeepAlive are net.Socket’s', async () => {
    await using pair = await connectPair(backend);
    expect(pair.client.setNoDelay().setKeepAlive().unref().ref()).toBe(pair.client);
    pair.client.setTimeout(1);
    await once(pair.client, 'timeout');
    expect(pair.client.timeout).toBe(1);
  });

  test('_handle and ssl are there while the socket is open', async () => {
    await using pair = await connectPair(backend);
    expect(pair.client._handle?._parentWrap).toBe(pair.client._parent);
    expect(pair.client.ssl?.verifyError()).toBeUndefined();
    expect(pair.accepted.ssl?.getServername()).toBe('localhost');
    pair.client.destroy();
    expect(pair.client._handle).toBeNull();
  });
});

test('setServername is refused on a server, and takes text only', () => {
  const server = new TLSSocket(new PassThrough(), { isServer: true });
  expect(() => server.setServername('a')).toThrow(expect.objectContaining({ code: 'ERR_TLS_SNI_FROM_SERVER' }));
  const client = new TLSSocket(new PassThrough());
  expect(() => client.setServername(1 as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  for (const socket of [server, client]) socket.destroy();
});

test('what is no stream is refused', () => {
  expect(() => new TLSSocket(new EventEmitter() as never)).toThrow(TypeError);
});

test('a KeyUpdate before the handshake has begun is refused, and not passed over', () => {
  const socket = new TLSSocket(new net.Socket(), {});
  expect(() => socket.requestKeyUpdate()).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
  socket.destroy();
});
