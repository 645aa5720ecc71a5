import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect as dialNet, type AddressInfo, type Server as NetServer, type Socket as NetSocket } from 'node:net';
import { dirname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRoot } from '@org/pki';
import type { TlsSession } from '@org/tls-core';
import {
  accept,
  connect,
  type AcceptOptions,
  type ByteStreams,
  type Socket,
  type SocketOptions,
} from '@org/tls-core/web';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { describe, expect, it } from 'vitest';
import { makeIdentity } from '../src/identity-files.ts';
import { opensslServer } from '../src/peers/openssl.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const identity = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
const ours = [
  ['pure', createPure()],
  ['native', createNative()],
] as const;
const address = { hostname: 'localhost', port: 443 };

describe.each(ours)('a socket of WinterTC’s shape over %s', (name, backend) => {
  const client = backend.createClientContext({ trust: root.certificatePem });
  const server = backend.createServerContext({ identity, alpnProtocols: ['one', 'two'] });

  /** Both ends, over a pair of TransformStreams. */
  function pair(
    connecting: Partial<SocketOptions> = {},
    accepting: Partial<AcceptOptions> = {},
  ): readonly [client: Socket, server: Socket] {
    const [near, far] = memoryStreams();
    return [
      connect(address, { transport: near, tls: client, ...connecting }),
      accept({ transport: far, tls: server, ...accepting }),
    ];
  }

  it('says how it is secured once it is open', async () => {
    const [near, far] = pair({ alpn: ['two'] });
    expect(await near.opened).toMatchObject({ alpn: 'two', security: { backend: name, role: 'client' } });
    expect(await far.opened).toMatchObject({ alpn: 'two', security: { backend: name, role: 'server' } });
    expect([near.secureTransport, near.upgraded]).toEqual(['on', false]);
    await Promise.all([near.close(), far.closed]);
    await near.closed;
  });

  it('carries 4 MiB each way at once, and ends in order', async () => {
    const [near, far] = pair();
    const sent = Buffer.alloc(4 << 20, 'all work and no play ');
    const there = writeAll(near, sent);
    const back = far.readable.pipeTo(far.writable);
    const got = await readAll(near.readable);
    await Promise.all([there, back, near.closed, far.closed]);
    expect(got.equals(sent)).toBe(true);
  });

  it('takes no more from the connection below than a reader wants', async () => {
    const [near, far] = pair();
    const writer = far.writable.getWriter();
    let written = 0;
    let isHeld = false;
    const writing = (async () => {
      for (; written < 64 && !isHeld; written += 1) await writer.write(new Uint8Array(1 << 16));
    })();
    await Promise.all([near.opened, far.opened]);
    await settled();
    isHeld = true;
    expect(written).toBeLessThan(16);
    // the write that waits is the last one, and may be counted before all of its bytes are read
    const total = (written + 1) << 16;
    let got = 0;
    const reader = near.readable.getReader();
    while (got < total) got += (await reader.read()).value?.byteLength ?? 0;
    await writing;
    await near.close();
  });

  it('fills a buffer that its reader brings', async () => {
    const [near, far] = pair();
    void writeAll(far, Buffer.from('hello'));
    const reader = near.readable.getReader({ mode: 'byob' });
    const first = await reader.read(new Uint8Array(2));
    expect(Buffer.from(first.value ?? []).toString()).toBe('he');
    const second = await reader.read(new Uint8Array(9));
    expect(Buffer.from(second.value ?? []).toString()).toBe('llo');
    expect((await reader.read(new Uint8Array(1))).done).toBe(true);
    await Promise.all([near.closed, far.closed]);
  });

  it('keeps its own side open behind the peer’s end where it is told so', async () => {
    const [near, far] = pair({}, { allowHalfOpen: true });
    await writeAll(near, Buffer.from('question'));
    expect(String(await readAll(far.readable))).toBe('question');
    const answer = readAll(near.readable);
    await writeAll(far, Buffer.from('answer'));
    expect(String(await answer)).toBe('answer');
    await Promise.all([near.closed, far.closed]);
  });

  it('rejects with what the handshake failed with, on every promise and stream', async () => {
    const stranger = await createRoot();
    const [near, far] = pair({ tls: backend.createClientContext({ trust: stranger.certificatePem }) });
    const failure = { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' };
    await expect(near.opened).rejects.toMatchObject(failure);
    await expect(near.closed).rejects.toMatchObject(failure);
    await expect(near.readable.getReader().read()).rejects.toMatchObject(failure);
    await expect(near.writable.getWriter().write(Uint8Array.of(1))).rejects.toMatchObject(failure);
    await expect(far.closed).rejects.toMatchObject({ code: 'ERR_TLS_ALERT' });
  });

  it('gives what came before a cut, and then the cut', async () => {
    const [near, far] = pair();
    await far.opened;
    const writer = far.writable.getWriter();
    await writer.write(Buffer.from('hello'));
    await near.opened;
    await settled();
    await writer.abort(new Error('cut'));
    await expect(near.closed).rejects.toMatchObject({ family: 'transport' });
    const reader = near.readable.getReader();
    expect(String(Buffer.from((await reader.read()).value ?? []))).toBe('hello');
    await expect(reader.read()).rejects.toMatchObject({ family: 'transport' });
  });

  it('tells an end without a goodbye from an end', async () => {
    let cut: TransformStreamDefaultController | undefined;
    const [near, far] = memoryStreams();
    const cuttable = new TransformStream<Uint8Array, Uint8Array>({ start: (controller) => void (cut = controller) });
    const transport = { readable: near.readable.pipeThrough(cuttable), writable: near.writable };
    const socket = connect(address, { transport, tls: client });
    const peer = accept({ transport: far, tls: server });
    await Promise.all([socket.opened, peer.opened]);
    cut?.terminate();
    await expect(socket.closed).rejects.toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
    await expect(socket.readable.getReader().read()).rejects.toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
    await peer.closed.catch(() => undefined);
  });

  it('gives up a handshake that takes too long, is aborted, or is closed', async () => {
    const late = { transport: memoryStreams()[0], handshakeTimeout: 5 };
    await expect(connect(address, { tls: client, ...late }).opened).rejects.toMatchObject({ code: 'ERR_TLS_TIMEOUT' });
    for (const signal of [AbortSignal.abort(), abortedSoon()]) {
      const socket = connect(address, { tls: client, transport: memoryStreams()[0], signal });
      await expect(socket.closed).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
    }
    const closing = connect(address, { tls: client, transport: memoryStreams()[0] });
    await settled();
    await closing.close();
    await expect(closing.opened).rejects.toMatchObject({ code: 'ERR_TLS_ABORTED' });
  });

  it('waits for a connection that is being made, and fails with it', async () => {
    const [near, far] = memoryStreams();
    const socket = connect('localhost:443', { tls: client, transport: settled().then(() => near) });
    const peer = accept({ transport: far, tls: server });
    expect((await socket.opened).security?.serverName).toBe('localhost');
    await Promise.all([socket.close(), peer.closed]);
    const failing = connect(address, { tls: client, transport: Promise.reject(new Error('unreachable')) });
    await expect(failing.opened).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT' });
  });

  it('is secured behind STARTTLS, on both sides', async () => {
    const [near, far] = pair({ secureTransport: 'starttls' }, { secureTransport: 'starttls' });
    await writeSome(near.writable, 'STARTTLS\r\n');
    expect(await readSome(far.readable)).toBe('STARTTLS\r\n');
    await writeSome(far.writable, '220 go ahead\r\n');
    const securedFar = far.startTls();
    expect(await readSome(near.readable)).toBe('220 go ahead\r\n');
    const secured = near.startTls();
    expect([near.upgraded, secured.upgraded, secured.secureTransport]).toEqual([true, false, 'on']);
    await near.closed;
    void writeAll(secured, Buffer.from('secret'));
    expect(String(await readAll(securedFar.readable))).toBe('secret');
    await Promise.all([secured.closed, securedFar.closed]);
    expect(() => near.startTls()).toThrow(TypeError);
    expect(() => secured.startTls()).toThrow(TypeError);
  });

  it('has the name proven that startTls is given', async () => {
    const [near, far] = pair({ secureTransport: 'starttls' });
    const secured = near.startTls({ expectedServerHostname: 'other.example' });
    await expect(secured.opened).rejects.toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    await expect(far.opened).rejects.toMatchObject({ code: 'ERR_TLS_ALERT' });
  });

  it.each([undefined, {}, { trust: 'default' }])('refuses a tls that is no context: %o', (tls) => {
    const [near] = pair({ secureTransport: 'starttls' });
    const given = { transport: near, tls } as never;
    expect(() => connect(address, given)).toThrow(/^tls: expected a context/);
    expect(() => accept(given)).toThrow(/^tls: expected a context/);
  });

  it('is not secured while somebody reads or writes in the clear', () => {
    const [near] = pair({ secureTransport: 'starttls' });
    near.readable.getReader();
    expect(() => near.startTls()).toThrow(TypeError);
    expect(near.upgraded).toBe(false);
  });

  it('resumes a session that it was given', async () => {
    const sessions: TlsSession[] = [];
    const [first, firstPeer] = pair({ onSession: (session) => sessions.push(session) });
    void writeAll(firstPeer, Buffer.from('hello'));
    await readAll(first.readable);
    await first.closed;
    const [second, secondPeer] = pair({ session: sessions[0] });
    expect((await second.opened).security?.resumed).toBe(true);
    await Promise.all([second.close(), secondPeer.closed]);
  });

  it('talks to node:tls over a Duplex of Node', async () => {
    const listening = createTlsServer({ cert: leaf.chainPem, key: leaf.privateKeyPem }, (socket: TLSSocket) => {
      socket.on('error', () => undefined).pipe(socket);
    });
    const dialled = await dial(listening);
    const socket = connect(address, { tls: client, transport: Duplex.toWeb(dialled) });
    void writeAll(socket, Buffer.from('over node'));
    expect(String(await readAll(socket.readable))).toBe('over node');
    await socket.closed;
    listening.close();
  });

  it('talks to OpenSSL over a Duplex of Node', async () => {
    await using made = await makeIdentity();
    await using peer = await opensslServer.startServer(made.files);
    const dialled = dialNet(peer.port, '127.0.0.1');
    const socket = connect(address, {
      tls: backend.createClientContext({ trust: made.trust }),
      transport: Duplex.toWeb(dialled),
    });
    await writeSome(socket.writable, 'GET / HTTP/1.0\r\n\r\n');
    expect(await readSome(socket.readable)).toMatch(/^HTTP\/1\.0 200/);
    await socket.close();
  });
});

it('runs under Deno, over a connection of Deno’s own', async () => {
  await using made = await makeIdentity();
  const { chain, key, ca, folder } = made.files;
  const [cert, privateKey] = await Promise.all([readFile(chain), readFile(key)]);
  const listening = createTlsServer({ cert, key: privateKey }, (socket: TLSSocket) => {
    socket.on('error', () => undefined).pipe(socket);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const script = fileURLToPath(new URL('../src/scripts/deno-web-socket.mjs', import.meta.url));
  const flags = ['--no-lock', '--allow-all', '--conditions=@org/source'];
  const env = { ...process.env, DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' };
  const { stdout } = await promisify(execFile)(deno(), ['run', ...flags, script, String(port), ca], { env });
  expect(stdout).toBe('TLSv1.3 over Deno\n');
  listening.close();
});

it.each([
  ['an unknown option', { surplus: true }],
  ['a transport that is no streams', { transport: {} }],
  ['a transport that is not there yet, with starttls', { secureTransport: 'starttls', transport: Promise.resolve({}) }],
  ['`secureTransport: "off"`, which needs no TLS', { secureTransport: 'off' }],
])('%s is a TypeError', (_name, options) => {
  const tls = createPure().createClientContext({ trust: root.certificatePem });
  const [transport] = memoryStreams();
  expect(() => connect(address, { tls, transport, ...options } as never)).toThrow(TypeError);
});

it('a name that cannot be verified is refused at once', () => {
  const tls = createPure().createClientContext({ trust: root.certificatePem });
  const connecting = () => connect({ hostname: 'a b', port: 1 }, { tls, transport: memoryStreams()[0] });
  expect(connecting).toThrow(expect.objectContaining({ code: 'ERR_TLS_CONFIG' }));
});

/** The binary of the platform's package: the install script of `deno`, which would link it, does not run. */
function deno(): string {
  const fromDeno = createRequire(createRequire(import.meta.url).resolve('deno/package.json'));
  return join(dirname(fromDeno.resolve('@deno/linux-x64-glibc/package.json')), 'deno');
}

/** The two ends of a connection in memory. */
function memoryStreams(): readonly [ByteStreams, ByteStreams] {
  const make = () => new TransformStream<Uint8Array, Uint8Array>({}, undefined, { highWaterMark: 1 });
  const [there, back] = [make(), make()];
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

async function dial(server: NetServer): Promise<NetSocket> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return dialNet((server.address() as AddressInfo).port, '127.0.0.1');
}

async function writeAll({ writable }: Socket, bytes: Uint8Array): Promise<void> {
  const writer = writable.getWriter();
  for (let at = 0; at < bytes.length; at += 1 << 16) await writer.write(bytes.subarray(at, at + (1 << 16)));
  await writer.close();
}

async function readAll(readable: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readable) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function writeSome(writable: WritableStream<Uint8Array>, words: string): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(Buffer.from(words));
  writer.releaseLock();
}

async function readSome(readable: ReadableStream<Uint8Array>): Promise<string> {
  const reader = readable.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return Buffer.from(value ?? []).toString();
}

/** Lets everything happen that happens by itself. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

function abortedSoon(): AbortSignal {
  const aborting = new AbortController();
  setImmediate(() => aborting.abort());
  return aborting.signal;
}
