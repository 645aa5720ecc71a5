import { once } from 'node:events';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { TlsError } from '../src/index.ts';
import { secure, whenSecure, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient } from './support/scripted-backend.ts';
import { arrived, closed, sinkhole, tcpPair, ways } from './support/transports.ts';

/** A function of a program that was written for node:net. It compiles only where a TlsSocket is a net.Socket for TypeScript. */
function addressesOf(socket: Socket): readonly (number | string | undefined)[] {
  return [socket.remoteAddress, socket.remotePort, socket.localAddress, socket.localPort];
}

async function securedPair(
  makePair = tcpPair,
): Promise<{ readonly socket: TlsSocket; readonly near: Socket; readonly far: Socket }> {
  const [near, far] = await makePair();
  const { context } = scriptedClient();
  const socket = secure(near, { context, serverName: 'localhost' });
  await whenSecure(socket);
  return { socket, near, far };
}

describe('for a program that was written for node:net, a TlsSocket', () => {
  it('is a net.Socket, for TypeScript and in what it tells of the connection', async () => {
    const { socket, near } = await securedPair();
    expect(addressesOf(socket)).toEqual(addressesOf(near));
    expect(socket.localFamily).toBe(near.localFamily);
    expect(socket.autoSelectFamilyAttemptedAddresses).toEqual([]);
    socket.destroy();
  });

  it('has every public member of net.Socket', async () => {
    const { socket } = await securedPair();
    const members = Object.getOwnPropertyNames(Socket.prototype).filter((name) => !name.startsWith('_'));
    expect(members).toContain('destroySoon');
    expect(members.filter((name) => !(name in socket))).toEqual([]);
    socket.destroy();
  });

  it('has no handle, so that node:http, node:http2 and others move bytes through it and not around it', async () => {
    const { socket } = await securedPair();
    expect('_handle' in socket).toBe(false);
    socket.destroy();
  });

  it('has methods that give the socket itself', async () => {
    const { socket } = await securedPair();
    const given = [
      socket.pause(),
      socket.resume(),
      socket.setEncoding('utf8'),
      socket.setNoDelay(),
      socket.setNoDelay(false),
      socket.setKeepAlive(true, 1000),
      socket.setTypeOfService(0),
      socket.setTimeout(0),
      socket.unref(),
      socket.ref(),
      socket.end(),
      socket.resetAndDestroy(),
    ];
    expect(given.every((each) => each === socket)).toBe(true);
    expect(socket.getTypeOfService()).toBe(0);
    await closed(socket);
  });

  it.each(ways)(
    'over a %s gives text in the encoding that it was told, and characters whole',
    async (_kind, makePair) => {
      const { socket, near, far } = await securedPair(makePair);
      socket.setEncoding('utf8');
      const chunks: unknown[] = [];
      socket.on('data', (chunk: unknown) => chunks.push(chunk));
      const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
      far.write(first);
      await arrived(near, first.length);
      far.end(Buffer.concat([second, Buffer.from([0xff])]));
      await once(socket, 'end');
      expect(chunks.join('')).toBe('é');
      socket.destroy();
    },
  );

  it('says with `close` whether it had failed', async () => {
    const { socket: calm } = await securedPair();
    const { socket: failing } = await securedPair();
    const hadError = (socket: TlsSocket) => new Promise((resolve) => socket.once('close', resolve));
    failing.on('error', () => undefined);
    calm.destroy();
    failing.destroy(new TlsError('ERR_TLS_ABORTED', 'scripted'));
    expect(await Promise.all([hadError(calm), hadError(failing)])).toEqual([false, true]);
  });

  it('emits `connect`, `ready` and `secureConnect` when it can be used', async () => {
    const { context } = scriptedClient();
    const socket = secure(sinkhole(), { context, serverName: 'localhost' });
    const events: string[] = [];
    for (const name of ['connect', 'ready', 'secureConnect', 'secure']) socket.on(name, () => events.push(name));
    await once(socket, 'secure');
    expect(events).toEqual(['connect', 'ready', 'secureConnect', 'secure']);
    socket.destroy();
  });

  it.each([NaN, -1, Infinity])('refuses a time-out of %s', async (duration) => {
    const { socket } = await securedPair();
    expect(() => socket.setTimeout(duration)).toThrow(RangeError);
    expect(() => socket.setTimeout(String(duration) as never)).toThrow(TypeError);
    expect(socket.timeout).toBeUndefined();
    socket.destroy();
  });

  it('waits as long as Node can where it is told to wait longer, and has no time-out when it is destroyed', async () => {
    const { socket } = await securedPair();
    expect(socket.setTimeout(2 ** 40).timeout).toBe(2 ** 31 - 1);
    socket.destroy();
    expect(socket.setTimeout(1).timeout).toBe(2 ** 31 - 1);
    await closed(socket);
  });
});
