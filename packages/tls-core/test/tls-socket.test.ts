import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TlsError, type TlsSession } from '../src/index.ts';
import { secure, whenSecure, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient, scriptedInfo, scriptedServer } from './support/scripted-backend.ts';
import { closed, sinkhole, turn, ways } from './support/transports.ts';

describe('a TlsSocket', () => {
  it('tells that it is secure, and how, in the words of node:tls', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    expect(socket.secureConnecting).toBe(false);
    await once(socket, 'secureConnect');
    expect(await whenSecure(socket)).toBe(scriptedInfo);
    expect(socket).toMatchObject({
      encrypted: true,
      alpnProtocol: 'h2',
      servername: 'localhost',
      authorized: false,
      authorizationError: null,
    });
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(socket.getCipher()).toEqual({
      name: 'TLS_AES_128_GCM_SHA256',
      standardName: 'TLS_AES_128_GCM_SHA256',
      version: 'TLSv1.3',
    });
    expect(socket.getEphemeralKeyInfo()).toEqual({ type: 'ECDH', name: 'x25519' });
    expect(socket.getPeerCertificate()).toEqual({});
    expect(socket.getPeerX509Certificate()).toBeUndefined();
    expect(socket.isSessionReused()).toBe(false);
    expect(socket.exportKeyingMaterial(8, 'label')).toEqual(Buffer.alloc(8, 7));
    socket.destroy();
  });

  it('holds what is written before it is secure', async () => {
    const transport = sinkhole();
    const { context, engine } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost' });
    expect(socket.secureConnecting).toBe(true);
    let isWritten = false;
    socket.write('first', () => {
      isWritten = true;
    });
    socket.write('second');
    expect(engine().sent.map((bytes) => Buffer.from(bytes).toString())).toEqual(['first']);
    expect(isWritten).toBe(false);
    engine().sink.handshake(scriptedInfo);
    await once(socket, 'secure');
    socket.end();
    await once(socket, 'finish');
    expect(
      engine()
        .sent.map((bytes) => Buffer.from(bytes).toString())
        .join('|'),
    ).toBe('first|second');
    expect(isWritten).toBe(true);
  });

  it('joins small writes that wait into one', async () => {
    const transport = sinkhole();
    const { context, engine } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    socket.cork();
    for (const part of ['a', 'b', 'c']) socket.write(part);
    socket.uncork();
    expect(engine().sent.map((bytes) => Buffer.from(bytes).toString())).toEqual(['abc']);
    socket.destroy();
    await closed(socket);
  });

  it('writes what one tick sends in one go', async () => {
    const writes: number[] = [];
    const transport = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => {
        writes.push(1);
        done();
      },
      writev: (chunks, done) => {
        writes.push(chunks.length);
        done();
      },
    });
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    for (const part of ['a', 'b', 'c']) socket.write(part);
    await once(socket, 'secure');
    expect(writes).toEqual([3]);
    socket.destroy();
  });

  it.each(ways)(
    'over a %s stops reading when nobody reads, and goes on when somebody does',
    async (_kind, makePair) => {
      const [near, far] = await makePair();
      const { context } = scriptedClient();
      const socket = secure(near, { context, serverName: 'localhost' });
      far.write(Buffer.alloc(2 ** 20, 'x'));
      while (!near.isPaused()) await turn();
      expect(socket.readableLength).toBeLessThan(2 ** 20);
      let received = 0;
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        received += (chunk as Buffer).length;
        if (received === 2 ** 20) break;
      }
      expect(received).toBe(2 ** 20);
      socket.destroy();
      far.destroy();
    },
  );

  it('holds the writer back while the transport is full', async () => {
    let drain: (() => void) | undefined;
    const transport = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => {
        drain = done;
      },
    });
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    await once(socket, 'secure');
    let written = 0;
    for (let index = 0; index < 8; index += 1) socket.write(Buffer.alloc(2 ** 16), () => (written += 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeLessThan(8);
    expect(socket.writableNeedDrain).toBe(true);
    const drained = once(socket, 'drain');
    const feed = setInterval(() => drain?.(), 1);
    await drained;
    clearInterval(feed);
    expect(written).toBe(8);
    socket.destroy();
  });

  it.each(ways)('over a %s ends its side with close_notify and then the transport', async (_kind, makePair) => {
    const [near, far] = await makePair();
    const { context, engine } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost', allowHalfOpen: true });
    socket.end('bye');
    const received: Buffer[] = [];
    far.on('data', (chunk: Buffer) => received.push(chunk));
    await once(far, 'end');
    expect(Buffer.concat(received)).toEqual(Buffer.from('bye\u00ff', 'latin1'));
    expect(engine().calls).toEqual(['start', 'close']);
    far.end(Buffer.from('so long\u00ff', 'latin1'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('so long');
    await closed(socket);
    expect(engine().isDestroyed).toBe(true);
  });

  it.each(
    ways.flatMap(([kind, makePair]) => [true, false].map((allowHalfOpen) => ({ kind, makePair, allowHalfOpen }))),
  )(
    'over a $kind with allowHalfOpen $allowHalfOpen its own side is open or not after the peer’s end',
    async (given) => {
      const { makePair, allowHalfOpen } = given;
      const [near, far] = await makePair();
      const { context } = scriptedClient();
      const socket = secure(near, { context, serverName: 'localhost', allowHalfOpen });
      far.end(Buffer.from([0xff]));
      socket.resume();
      await once(socket, 'end');
      await new Promise((resolve) => setImmediate(resolve));
      expect(socket.writable).toBe(allowHalfOpen);
      socket.destroy();
      far.destroy();
    },
  );

  it.each(ways)('over a %s delivers what came before a truncation, and then fails with it', async (_kind, makePair) => {
    const [near, far] = await makePair();
    const { context } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost' });
    far.end('half of');
    const ended = once(near, 'end');
    near.resume();
    await ended;
    const text: string[] = [];
    const failed = once(socket, 'error');
    socket.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    const [error] = (await failed) as [unknown];
    expect(text.join('')).toBe('half of');
    expect(error).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
  });

  it('fails a write that waits when the engine fails', async () => {
    const transport = sinkhole();
    const { context, engine } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost' });
    const failed = once(socket, 'error');
    const written = new Promise((resolve) => {
      socket.write('never', resolve);
    });
    const reason = new TlsError('ERR_TLS_DECRYPT', 'scripted');
    engine().script(reason);
    expect(await written).toBe(reason);
    expect(await failed).toEqual([reason]);
    expect(engine().isDestroyed).toBe(true);
  });

  it('wraps a failure of the transport', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    const cause = new Error('cable pulled');
    const failed = once(socket, 'error');
    transport.destroy(cause);
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT', cause })]);
  });

  it.each(ways)('over a %s sends the alert of a failure before the transport is closed', async (_kind, makePair) => {
    const [near, far] = await makePair();
    const { context, engine } = scriptedClient(false);
    const socket = secure(near, { context, serverName: 'localhost' });
    const failed = once(socket, 'error');
    far.write('unread input');
    engine().fail(new TlsError('ERR_TLS_DECODE', 'scripted'));
    await failed;
    const [alert] = (await once(far, 'data')) as [Buffer];
    expect(alert).toEqual(Buffer.from([0x15]));
    far.end();
    await closed(near);
  });

  it('gives up a handshake that takes too long', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost', handshakeTimeout: 5 });
    expect(await once(socket, 'error')).toEqual([expect.objectContaining({ code: 'ERR_TLS_TIMEOUT' })]);
  });

  it.each(['before', 'during'])('gives up a handshake that is aborted %s', async (when) => {
    const transport = sinkhole();
    const { context } = scriptedClient(false);
    const controller = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') controller.abort(reason);
    const socket = secure(transport, { context, serverName: 'localhost', signal: controller.signal });
    const failed = once(socket, 'error');
    controller.abort(reason);
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_ABORTED', cause: reason })]);
  });

  it('is not touched by an abort once it is secure', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient();
    const controller = new AbortController();
    const socket = secure(transport, { context, serverName: 'localhost', signal: controller.signal });
    await once(socket, 'secure');
    controller.abort();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it('whenSecure rejects when the socket is destroyed without a reason', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost' });
    const waiting = whenSecure(socket);
    socket.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  });

  it('emits `timeout` when nothing happens, and stays open', async () => {
    const transport = sinkhole();
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    socket.setTimeout(5);
    expect(socket.timeout).toBe(5);
    const keepAlive = setInterval(() => undefined, 1000); // the idle timer alone keeps no process alive
    await once(socket, 'timeout');
    clearInterval(keepAlive);
    expect(socket.destroyed).toBe(false);
    socket.setTimeout(0);
    expect(socket.timeout).toBe(0);
    socket.destroy();
  });

  it.each(ways)('over a %s hands on to a TCP transport what it is asked about it', async (_kind, makePair) => {
    const [near, far] = await makePair();
    const { context } = scriptedClient();
    const socket: TlsSocket = secure(near, { context, serverName: 'localhost' });
    expect(socket.setNoDelay().setKeepAlive(true).unref().ref()).toBe(socket);
    expect(socket).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: near.remotePort,
      localPort: near.localPort,
      connecting: false,
      pending: false,
    });
    expect(socket.address()).toEqual(near.address());
    socket.destroySoon();
    far.resume();
    await closed(socket);
    far.destroy();
  });

  it('emits key log lines', async () => {
    const transport = sinkhole();
    const { context, engine } = scriptedServer();
    const socket = secure(transport, { context });
    const logged = once(socket, 'keylog');
    engine().sink.keyLog('LABEL 00 11');
    expect(await logged).toEqual([Buffer.from('LABEL 00 11\n')]);
    socket.destroy();
  });

  it('keeps a session that comes with the handshake for whoever waits for that first, and emits later ones at once', async () => {
    const { context, engine } = scriptedClient(false);
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    const [early, late] = ['early', 'late'].map((serverName) => ({ serverName })) as unknown as [
      TlsSession,
      TlsSession,
    ];
    engine().sink.session(early);
    engine().sink.handshake(scriptedInfo);
    await whenSecure(socket);
    const heard: unknown[] = [];
    socket.on('session', (session) => heard.push(session));
    await once(socket, 'session');
    expect(heard).toEqual([early]);
    engine().sink.session(late);
    expect(heard).toEqual([early, late]);
    socket.destroy();
  });

  it('refuses an unknown option', () => {
    const transport = sinkhole();
    const { context } = scriptedClient();
    expect(() => secure(transport, { context, serverName: 'localhost', rejectUnauthorized: false } as never)).toThrow(
      TypeError,
    );
  });
});
