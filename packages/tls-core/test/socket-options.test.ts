import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createNetServer, Socket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, createServer, secure, whenSecure, type ServerOptions, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient, scriptedServer } from './support/scripted-backend.ts';
import { closed, sinkhole, tcpPair, turn, ways } from './support/transports.ts';

describe('path', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tls-path-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('connects to a Unix domain socket', async () => {
    const path = join(folder, 'socket');
    const server = createNetServer(
      (socket) => void socket.resume().end(Buffer.concat([Buffer.from('hello'), Buffer.of(0xff)])),
    );
    server.listen(path);
    await once(server, 'listening');
    const socket = await connect({ path, serverName: 'localhost', tls: scriptedClient().context });
    expect(socket.servername).toBe('localhost');
    expect(socket.remoteAddress).toBeUndefined();
    const chunks = (await socket.toArray()) as Buffer[];
    expect(String(Buffer.concat(chunks))).toBe('hello');
    server.close();
    await once(server, 'close');
  });

  it('says which one cannot be reached', async () => {
    const path = join(folder, 'nobody');
    await expect(connect({ path, serverName: 'localhost', tls: scriptedClient().context })).rejects.toMatchObject({
      code: 'ERR_TLS_TRANSPORT',
      message: expect.stringContaining(path) as string,
    });
  });

  it.each([
    ['without a name to verify', {}],
    ['beside a host', { serverName: 'localhost', host: 'localhost' }],
    ['beside a port', { serverName: 'localhost', port: 443 }],
  ])('is refused %s', async (_name, options) => {
    const tls = scriptedClient().context;
    await expect(connect({ path: join(folder, 'socket'), tls, ...options } as never)).rejects.toThrow(TypeError);
  });
});

describe('highWaterMark', () => {
  it('bounds what waits in a socket of any origin', async () => {
    const { context } = scriptedClient();
    expect(secure(sinkhole(), { context, serverName: 'localhost', highWaterMark: 7 })).toMatchObject({
      readableHighWaterMark: 7,
      writableHighWaterMark: 7,
    });
    const [dialled, accepted] = await connected({ highWaterMark: 9 }, { highWaterMark: 11 });
    expect([accepted.readableHighWaterMark, dialled.writableHighWaterMark]).toEqual([9, 11]);
    dialled.destroy();
  });

  it.each([-1, 1.5, NaN])('is refused as %s', async (highWaterMark) => {
    const [client, server] = [scriptedClient().context, scriptedServer().context];
    const refused = expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'highWaterMark' }) as Error;
    expect(() => secure(sinkhole(), { context: client, serverName: 'localhost', highWaterMark })).toThrow(refused);
    await expect(connect({ host: '127.0.0.1', port: 1, tls: client, highWaterMark })).rejects.toThrow(refused);
    await expect(createServer({ tls: server, highWaterMark })).rejects.toThrow(refused);
  });
});

describe('noDelay', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [{}, true],
    [{ noDelay: false }, false],
  ])('with %o is %s for the TCP connection', async (options, wanted) => {
    const asked = vi.spyOn(Socket.prototype, 'setNoDelay');
    const [near, far] = await tcpPair();
    secure(near, { context: scriptedClient().context, serverName: 'localhost', ...options }).destroy();
    far.destroy();
    expect(asked.mock.lastCall).toEqual([wanted]);
    const [dialled] = await connected(options, options);
    expect(new Set(asked.mock.calls.map(([noDelay]) => noDelay ?? true))).toEqual(new Set([wanted]));
    dialled.destroy();
  });

  it('is refused where it is no flag', async () => {
    const { context } = scriptedClient();
    const noDelay = 1 as never;
    expect(() => secure(sinkhole(), { context, serverName: 'localhost', noDelay })).toThrow(TypeError);
    await expect(connect({ host: '127.0.0.1', port: 1, tls: context, noDelay })).rejects.toThrow(TypeError);
    await expect(createServer({ tls: scriptedServer().context, noDelay })).rejects.toThrow(TypeError);
  });
});

describe('pauseOnConnect', () => {
  it('gives out sockets that wait for resume', async () => {
    const [dialled, accepted] = await connected({ pauseOnConnect: true }, {});
    const seen: string[] = [];
    accepted.on('data', (chunk: Buffer) => seen.push(String(chunk)));
    dialled.write('hello');
    while (accepted.readableLength < 5) await turn();
    expect([accepted.isPaused(), seen]).toEqual([true, []]);
    accepted.resume();
    await once(accepted, 'data');
    expect(seen).toEqual(['hello']);
    dialled.destroy();
  });

  it('is off by default, and refused where it is no flag', async () => {
    const [dialled, accepted] = await connected({}, {});
    expect(accepted.isPaused()).toBe(false);
    dialled.destroy();
    const tls = scriptedServer().context;
    await expect(createServer({ tls, pauseOnConnect: 'yes' as never })).rejects.toThrow(TypeError);
  });
});

describe('onread', () => {
  it.each(ways)(
    'over a %s gives what comes in one buffer, and waits where the callback says so',
    async (_kind, makePair) => {
      const [near, far] = await makePair();
      const { context } = scriptedClient();
      const buffer = new Uint8Array(4);
      const seen: string[] = [];
      const callback = (length: number, given: Uint8Array): boolean => {
        expect(given).toBe(buffer);
        seen.push(Buffer.from(given.subarray(0, length)).toString());
        return seen.length !== 2;
      };
      const socket = secure(near, { context, serverName: 'localhost', onread: { buffer, callback } });
      await whenSecure(socket);
      far.end(Buffer.concat([Buffer.from('0123456789'), Buffer.of(0xff)]));
      await once(socket, 'pause');
      expect(seen).toEqual(['0123', '4567']);
      socket.resume();
      await once(socket, 'end');
      expect(seen).toEqual(['0123', '4567', '89']);
      await closed(socket);
    },
  );

  it.each(ways)('over a %s asks for a buffer each time where it has a function for that', async (_kind, makePair) => {
    const seen: Uint8Array[] = [];
    const onread = {
      buffer: () => Buffer.alloc(3),
      callback: (_length: number, given: Uint8Array) => seen.push(given),
    };
    const [near, far] = await makePair();
    const socket = secure(near, { context: scriptedClient().context, serverName: 'localhost', onread });
    far.end(Buffer.concat([Buffer.from('abcde'), Buffer.of(0xff)]));
    await once(socket, 'end');
    expect(seen.map(String)).toEqual([String(Buffer.from('abc')), String(Buffer.from('de\0'))]);
    await closed(socket);
  });

  it.each([
    {},
    { buffer: new Uint8Array(1) },
    { buffer: new Uint8Array(0), callback: () => true },
    { callback: Math.max },
  ])('is refused as %o', async (onread) => {
    const { context } = scriptedClient();
    const given = { context, serverName: 'localhost', onread: onread as never };
    expect(() => secure(sinkhole(), given)).toThrow(TypeError);
    await expect(connect({ host: '127.0.0.1', port: 1, tls: context, onread: onread as never })).rejects.toThrow(
      TypeError,
    );
  });
});

/** The two ends of a connection. */
async function connected(
  server: Omit<ServerOptions, 'tls'>,
  client: { readonly highWaterMark?: number; readonly noDelay?: boolean },
): Promise<readonly [dialled: TlsSocket, accepted: TlsSocket]> {
  const listening = await createServer({ tls: scriptedServer().context, ...server });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const accepting = once(listening, 'secureConnection') as Promise<[TlsSocket]>;
  const dialled = await connect({ host: '127.0.0.1', port, tls: scriptedClient().context, ...client });
  const [accepted] = await accepting;
  accepted.on('error', () => undefined);
  listening.close();
  return [dialled, accepted];
}
