import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { TlsError } from '../src/index.ts';
import { secure, whenSecure, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient, scriptedInfo } from './support/scripted-backend.ts';
import { closed, sinkhole, tcpPair, turn, ways } from './support/transports.ts';

const goodbye = Buffer.from([0xff]);

async function readAll(far: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  far.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  await closed(far);
  return Buffer.concat(chunks);
}

async function securePair(makePair = tcpPair): Promise<readonly [TlsSocket, Socket]> {
  const [near, far] = await makePair();
  far.on('end', () => far.end());
  const { context } = scriptedClient();
  const socket = secure(near, { context, serverName: 'localhost' });
  socket.on('error', () => undefined);
  await whenSecure(socket);
  return [socket, far];
}

/** A transport that takes a write and never says that it is done. */
function stuck(): Duplex {
  return new Duplex({ read: () => undefined, write: () => undefined });
}

describe.each(ways)('over a %s destroy()', (_kind, makePair) => {
  it.each([
    ['says goodbye on an idle connection', (socket: TlsSocket) => socket.destroy(), goodbye],
    [
      'says goodbye behind what has been written',
      (socket: TlsSocket) => socket.write('bye', () => socket.destroy()),
      Buffer.concat([Buffer.from('bye'), goodbye]),
    ],
    [
      'says goodbye once, also behind end()',
      (socket: TlsSocket) => socket.end('bye', () => socket.destroy()),
      Buffer.concat([Buffer.from('bye'), goodbye]),
    ],
    [
      'says nothing when it is given an error',
      (socket: TlsSocket) => socket.destroy(new Error('the application’s')),
      Buffer.alloc(0),
    ],
    ['says nothing when it resets', (socket: TlsSocket) => socket.resetAndDestroy(), Buffer.alloc(0)],
  ])('%s', async (_what, leave, expected) => {
    const [socket, far] = await securePair(makePair);
    const received = readAll(far);
    leave(socket);
    expect(await received).toEqual(expected);
  });
});

describe('destroy()', () => {
  it('says nothing before the handshake is done', async () => {
    const { context, engine } = scriptedClient(false);
    const transport = sinkhole();
    secure(transport, { context, serverName: 'localhost' }).destroy();
    await closed(transport);
    expect(engine().calls).toEqual(['start']);
  });

  it('says nothing while something is still to be sent, and fails what waits', async () => {
    const { context, engine } = scriptedClient();
    const transport = stuck();
    const socket = secure(transport, { context, serverName: 'localhost' });
    await whenSecure(socket);
    const outcomes = Promise.all(
      [0, 1, 2, 3].map(
        () =>
          new Promise((resolve) => {
            socket.write(Buffer.alloc(2 ** 16), resolve);
          }),
      ),
    );
    await turn();
    expect(socket.writableLength).toBeGreaterThan(0);
    socket.destroy();
    expect(engine().calls).not.toContain('close');
    const last = (await outcomes).at(-1);
    expect(last).toBeInstanceOf(Error);
  });
});

describe('a peer that does not read', () => {
  it('keeps the writable side from finishing, and is let go by destroy()', async () => {
    const { context } = scriptedClient();
    const transport = stuck();
    const socket = secure(transport, { context, serverName: 'localhost' });
    await whenSecure(socket);
    socket.end('never read');
    for (let index = 0; index < 3; index += 1) await turn();
    expect(socket.writableFinished).toBe(false);
    expect(socket.closed).toBe(false);
    socket.destroy();
    await closed(socket);
    await closed(transport);
  });
});

describe('a transport that closes', () => {
  it('fails a write that comes later', async () => {
    const { context } = scriptedClient();
    const transport = sinkhole();
    const socket = secure(transport, { context, serverName: 'localhost', allowHalfOpen: true });
    await whenSecure(socket);
    transport.push(Buffer.concat([Buffer.from('unread'), goodbye]));
    await once(socket, 'readable');
    transport.destroy();
    await closed(transport);
    expect(socket.destroyed).toBe(false);
    const failed = once(socket, 'error');
    socket.write('too late');
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT' })]);
  });

  it('closes a socket whose peer has ended in order', async () => {
    const { context } = scriptedClient();
    const transport = sinkhole();
    const socket = secure(transport, { context, serverName: 'localhost', allowHalfOpen: true });
    await whenSecure(socket);
    transport.push(goodbye);
    await once(socket, 'end');
    transport.destroy();
    await closed(socket);
    expect(socket.errored).toBeNull();
  });
});

describe('whenSecure', () => {
  it.each([
    ['without a reason', undefined, { code: 'ERR_TLS_ABORTED' }],
    ['with a reason', new TlsError('ERR_TLS_TRANSPORT', 'scripted'), { code: 'ERR_TLS_TRANSPORT' }],
  ])('rejects for a socket that was closed %s before', async (_what, reason, expected) => {
    const { context } = scriptedClient(false);
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    socket.on('error', () => undefined).destroy(reason);
    await turn();
    await expect(whenSecure(socket)).rejects.toMatchObject(expected);
  });

  it.each([
    ['without a reason', undefined, { code: 'ERR_TLS_ABORTED' }],
    ['with a reason', new TlsError('ERR_TLS_TRANSPORT', 'scripted'), { code: 'ERR_TLS_TRANSPORT' }],
  ])('rejects for a socket that is destroyed %s before it could say `secure`', async (_what, reason, expected) => {
    const { context } = scriptedClient();
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    expect(socket.info).toBeDefined();
    const waiting = whenSecure(socket);
    socket.destroy(reason);
    await expect(waiting).rejects.toMatchObject(expected);
  });

  it('resolves behind `secure`, also where the handshake is done when it is called', async () => {
    const { context } = scriptedClient();
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    expect(socket.info).toBeDefined();
    const told: string[] = [];
    socket.on('secure', () => told.push('secure'));
    await whenSecure(socket).then(() => told.push('whenSecure'));
    expect(told).toEqual(['secure', 'whenSecure']);
    await expect(whenSecure(socket)).resolves.toBe(socket.info);
    socket.destroy();
    await expect(whenSecure(socket)).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
    await closed(socket);
    await expect(whenSecure(socket)).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  });

  it('hears the error of a socket that fails while it is made', async () => {
    const transport = sinkhole();
    const { context, engine } = scriptedClient(false);
    const reason = new TlsError('ERR_TLS_DECODE', 'scripted');
    const failing = {
      ...context,
      createEngine: (...given: Parameters<typeof context.createEngine>) => {
        const made = context.createEngine(...given);
        made.start = () => engine().script(reason);
        return made;
      },
    };
    const socket = secure(transport, { context: failing, serverName: 'localhost' });
    await expect(whenSecure(socket)).rejects.toBe(reason);
  });
});

describe('end() before the handshake is done', () => {
  it.each(ways)('waits for it, and then ends behind what was written, over a %s', async (_kind, makePair) => {
    const [near, far] = await makePair();
    const received = readAll(far.on('end', () => far.end()));
    const { context, engine } = scriptedClient(false);
    const socket = secure(near, { context, serverName: 'localhost' });
    socket.end('bye');
    await turn();
    expect(socket.writableFinished).toBe(false);
    engine().sink.handshake(scriptedInfo);
    await once(socket, 'finish');
    expect(await received).toEqual(Buffer.from('bye\u00ff', 'latin1'));
    socket.destroy();
  });

  it('fails with what the engine says when nothing was written', async () => {
    const { context, engine } = scriptedClient(false);
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    const reason = new TlsError('ERR_TLS_ABORTED', 'scripted');
    engine().close = () => engine().script(reason);
    const failed = once(socket, 'error');
    socket.end();
    expect(await failed).toEqual([reason]);
    await closed(socket);
  });
});
