import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { secure, whenSecure } from '../src/node/index.ts';
import { scriptedClient, scriptedServer } from './support/scripted-backend.ts';
import { asDuplex, closed, sinkhole, tcpPair, turn, ways } from './support/transports.ts';

/** Bytes that no text encoding but Latin-1 gives back. */
const binary = Buffer.from([0x16, 0x03, 0x01, 0x80, 0xc3, 0x28, 0xf0, 0x00, 0xfe]);

type Prepare = (near: Socket, far: Socket) => Promise<void> | void;

/** What was done with a connection, how it is taken over then, and how that was done. */
const states: readonly (readonly [what: string, kind: string, prepare: Prepare])[] = [
  ['was left alone', 'socket', () => undefined],
  ['was paused', 'socket', (near) => void near.pause()],
  ['was corked, twice', 'duplex', (near) => (near.cork(), near.cork())],
  ['has a listener of `readable`', 'duplex', (near) => void near.on('readable', () => near.read())],
  ['has a listener of `data`', 'duplex', (near) => void near.on('data', () => undefined)],
  ['has a method of the program’s', 'duplex', (near) => void asDuplex(near)],
  [
    'was piped to another stream',
    'duplex',
    async (near) => {
      near.pipe(new PassThrough({ highWaterMark: 1 }));
      await turn();
    },
  ],
  ...(['utf8', 'hex', 'base64', 'utf16le', 'latin1'] as const).map((encoding): readonly [string, string, Prepare] => [
    `has the encoding ${encoding}`,
    'duplex',
    (near) => void near.setEncoding(encoding),
  ]),
  [
    'was read before, and then paused',
    'socket',
    async (near, far) => {
      far.write('220 ready\r\n');
      await once(near, 'data');
      near.pause();
    },
  ],
];

describe('a TlsSocket takes over a transport that', () => {
  it.each(states)('%s', async (_what, kind, prepare) => {
    const [near, far] = await tcpPair();
    await prepare(near, far);
    const { context } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost' });
    expect(socket.transportKind).toBe(kind);
    socket.write(binary);
    const [atFar] = (await once(far, 'data')) as [Buffer];
    expect(atFar).toEqual(binary);
    far.write(binary);
    const [atNear] = (await once(socket, 'data')) as [Buffer];
    expect(atNear).toEqual(binary);
    socket.destroy();
    far.destroy();
  });

  it.each([
    ['flows', (near: Socket) => near],
    ['is paused', (near: Socket) => near.pause()],
  ])('got bytes back by `unshift` and %s', async (_what, prepare) => {
    const [near, far] = await tcpPair();
    far.write('first');
    const [seen] = (await once(near, 'data')) as [Buffer];
    prepare(near).unshift(seen);
    const { context } = scriptedServer();
    const socket = secure(near, { context });
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('first');
    socket.destroy();
    far.destroy();
  });

  it.each(ways)('over a %s lost its first bytes, which `head` brings', async (_kind, makePair) => {
    const [near, far] = await makePair();
    far.write('first');
    const [head] = (await once(near, 'data')) as [Buffer];
    const { context } = scriptedServer();
    const socket = secure(near, { context, head });
    far.write(' second');
    let text = '';
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.length === 12) break;
    }
    expect(text).toBe('first second');
    socket.destroy();
    far.destroy();
  });

  it('has been destroyed, and fails with that', async () => {
    const transport = sinkhole();
    transport.destroy();
    await once(transport, 'close');
    const { context } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost', handshakeTimeout: 0 });
    await expect(whenSecure(socket)).rejects.toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
  });

  it('has failed, and fails with its error', async () => {
    const transport = sinkhole();
    const cause = new Error('cable pulled');
    transport.on('error', () => undefined).destroy(cause);
    await closed(transport);
    const { context } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost', handshakeTimeout: 0 });
    await expect(whenSecure(socket)).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT', cause });
  });

  it('takes no more bytes, and fails with that', async () => {
    const transport = sinkhole();
    transport.end();
    const { context } = scriptedClient(false);
    const socket = secure(transport, { context, serverName: 'localhost', handshakeTimeout: 0 });
    await expect(whenSecure(socket)).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT' });
  });

  it('gives what is no bytes, and fails with that', async () => {
    const transport = new Duplex({
      objectMode: true,
      read: () => undefined,
      write: (_chunk, _encoding, done) => done(),
    });
    const { context } = scriptedClient();
    const socket = secure(transport, { context, serverName: 'localhost' });
    await whenSecure(socket);
    transport.push({ not: 'bytes' });
    expect(await once(socket, 'error')).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT' })]);
  });
});

describe('a TlsSocket refuses at once', () => {
  const { context } = scriptedClient();

  it.each([
    ['what is no stream', {}],
    ['nothing', undefined],
    ['a stream of the web', new TransformStream()],
  ])('%s as a transport', (_what, transport) => {
    expect(() => secure(transport as unknown as Duplex, { context, serverName: 'localhost' })).toThrow(TypeError);
  });

  it('a transport that another TlsSocket has', () => {
    const transport = sinkhole();
    const socket = secure(transport, { context, serverName: 'localhost' });
    expect(() => secure(transport, { context, serverName: 'localhost' })).toThrow(TypeError);
    socket.destroy();
  });

  it('a transport with bytes that were decoded to text already', async () => {
    const [near, far] = await tcpPair();
    near.setEncoding('utf8').pause();
    far.write(binary);
    near.read(0);
    while (near.readableLength === 0) await turn();
    expect(() => secure(near, { context, serverName: 'localhost' })).toThrow(TypeError);
    near.destroy();
    far.destroy();
  });

  it.each([
    ['context', { trust: 'default' }, TypeError],
    ['handshakeTimeout', 'soon', TypeError],
    ['handshakeTimeout', -1, expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'handshakeTimeout' })],
    ['handshakeTimeout', Number.NaN, expect.objectContaining({ code: 'ERR_TLS_CONFIG' })],
    ['handshakeTimeout', 2 ** 31, expect.objectContaining({ code: 'ERR_TLS_CONFIG' })],
    ['signal', {}, TypeError],
    ['earlyData', 'text', TypeError],
    ['head', 'text', TypeError],
  ])('%s: %s, and leaves nothing at the transport', (option, value, expected) => {
    const transport = sinkhole();
    const before = transport.eventNames();
    const options = { context, serverName: 'localhost', [option]: value } as never;
    expect(() => secure(transport, options)).toThrow(expected as never);
    expect(transport.eventNames()).toEqual(before);
  });

  it.each([
    ['createEngine', 0],
    ['start', 1],
  ] as const)('what the engine refuses in %s, and leaves nothing behind', (where, made) => {
    const transport = sinkhole();
    const before = transport.eventNames();
    const refusal = new TypeError('refused');
    let destroyed = 0;
    const scripted = scriptedClient(false);
    const refusing = {
      ...scripted.context,
      createEngine: (...given: Parameters<typeof scripted.context.createEngine>) => {
        if (where === 'createEngine') throw refusal;
        const engine = scripted.context.createEngine(...given);
        engine.start = () => {
          throw refusal;
        };
        engine.destroy = () => (destroyed += 1);
        return engine;
      },
    };
    const controller = new AbortController();
    const timers = process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    expect(() => secure(transport, { context: refusing, serverName: 'localhost', signal: controller.signal })).toThrow(
      refusal,
    );
    expect(transport.eventNames()).toEqual(before);
    expect(destroyed).toBe(made);
    expect(process.getActiveResourcesInfo().filter((each) => each === 'Timeout')).toHaveLength(timers);
    controller.abort();
  });
});
