import { once } from 'node:events';
import { expect, it } from 'vitest';
import { TlsError } from '../src/index.ts';
import { secure, whenSecure } from '../src/node/index.ts';
import { scriptedClient, scriptedInfo } from './support/scripted-backend.ts';
import { closed, sinkhole, turn, ways } from './support/transports.ts';

it('stops reading while the engine holds what came, whoever reads the socket', async () => {
  const transport = sinkhole();
  const { context, engine } = scriptedClient();
  const socket = secure(transport, { context, serverName: 'localhost' });
  await whenSecure(socket);
  socket.resume();
  engine().isInputHeld = true;
  transport.push('held');
  await turn();
  expect(transport.isPaused()).toBe(true);
  socket.pause();
  socket.resume();
  socket.read();
  await turn();
  expect(transport.isPaused()).toBe(true);
  engine().isInputHeld = false;
  engine().sink.inputResumed?.();
  expect(transport.isPaused()).toBe(false);
  socket.destroy();
});

it('stops reading while nobody reads the socket, whatever the engine says', async () => {
  const transport = sinkhole();
  const { context, engine } = scriptedClient();
  const socket = secure(transport, { context, serverName: 'localhost' });
  await whenSecure(socket);
  engine().isInputHeld = true;
  transport.push(Buffer.alloc(2 ** 17, 'x'));
  await turn();
  expect(transport.isPaused()).toBe(true);
  engine().isInputHeld = false;
  engine().sink.inputResumed?.();
  expect(transport.isPaused()).toBe(true);
  socket.resume();
  await turn();
  expect(transport.isPaused()).toBe(false);
  socket.destroy();
});

it.each(ways)('over a %s tells the end to a socket that nobody reads', async (_kind, makePair) => {
  const [near, far] = await makePair();
  const { context } = scriptedClient();
  const socket = secure(near, { context, serverName: 'localhost' });
  await whenSecure(socket);
  const ended = once(socket, 'end');
  far.end(Buffer.from([0xff]));
  far.resume();
  await ended;
  await closed(socket);
  expect(near.destroyed).toBe(true);
});

it.each(ways)('over a %s gives up what nobody has read when the connection below fails', async (_kind, makePair) => {
  const [near, far] = await makePair();
  const { context } = scriptedClient();
  const socket = secure(near, { context, serverName: 'localhost' });
  await whenSecure(socket);
  far.write('unread');
  await once(socket, 'readable');
  const failed = once(socket, 'error');
  far.resetAndDestroy();
  expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_TRANSPORT' })]);
  await closed(socket);
  expect(near.destroyed).toBe(true);
});

it.each(ways)(
  'over a %s lets the connection go at once when it fails, and keeps what came for whoever reads it',
  async (_kind, makePair) => {
    const [near, far] = await makePair();
    const { context, engine } = scriptedClient();
    const socket = secure(near, { context, serverName: 'localhost' });
    await whenSecure(socket);
    far.write('unread');
    await once(socket, 'readable');
    engine().fail(new TlsError('ERR_TLS_DECODE', 'scripted'));
    await once(far, 'data');
    far.end();
    await closed(near);
    expect(socket.destroyed).toBe(false);
    const failed = once(socket, 'error');
    expect(String(socket.read())).toBe('unread');
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_DECODE' })]);
  },
);

it('tells what the connection can do without and did not get, also from before anybody could listen', async () => {
  const { context, engine } = scriptedClient(false);
  const early = new TlsError('ERR_TLS_HOOK', 'scripted');
  const late = new TlsError('ERR_TLS_HOOK', 'scripted');
  const warning = {
    ...context,
    createEngine: (...made: Parameters<typeof context.createEngine>) => {
      const scripted = context.createEngine(...made);
      scripted.start = () => engine().sink.warning?.(early);
      return scripted;
    },
  };
  const socket = secure(sinkhole(), { context: warning, serverName: 'localhost' });
  const told: unknown[] = [];
  socket.on('tlsWarning', (fact) => told.push(fact));
  await turn();
  engine().sink.handshake(scriptedInfo);
  engine().sink.warning?.(late);
  expect(told).toEqual([early, late]);
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

it('leaves what a listener throws to whoever gave the bytes', async () => {
  const transport = sinkhole();
  const { context } = scriptedClient();
  const socket = secure(transport, { context, serverName: 'localhost' });
  await whenSecure(socket);
  const bug = new TypeError('bug of the application');
  socket.on('data', () => {
    throw bug;
  });
  await turn();
  expect(() => transport.push('data')).toThrow(bug);
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});
