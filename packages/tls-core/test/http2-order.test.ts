import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { TlsError } from '../src/index.ts';
import { Http2HeaderBlocks } from '../src/node/http2-header-blocks.ts';
import { secure, whenSecure, type TlsSocket } from '../src/node/index.ts';
import { scriptedClient, scriptedInfo, scriptedServer, type ScriptedEngine } from './support/scripted-backend.ts';
import { sinkhole, turn } from './support/transports.ts';

const [data, headers, settings, continuation] = [0x00, 0x01, 0x04, 0x09];
const [endStream, endHeaders] = [0x01, 0x04];

describe('the end of a header block (RFC 9113 §4.1)', () => {
  const wanted: readonly (readonly [string, Buffer, number | undefined])[] = [
    ['a SETTINGS frame has none', frame(settings, 0, 6), undefined],
    ['a DATA frame has none', frame(data, 0, 300), undefined],
    ['HEADERS with END_HEADERS', frame(headers, endHeaders, 20), 29],
    ['HEADERS that end the stream: no body follows', frame(headers, endHeaders | endStream, 20), undefined],
    ['HEADERS that CONTINUATION completes', Buffer.concat([frame(headers, 0, 1), frame(continuation, 4, 2)]), 21],
    ['an empty SETTINGS before it', Buffer.concat([frame(settings, 1, 0), frame(headers, endHeaders, 0)]), 18],
  ];
  it.each(wanted)('%s', (_name, bytes, end) => {
    expect(new Http2HeaderBlocks().nextEnd(bytes)).toBe(end);
  });

  it('is found wherever the bytes are cut', () => {
    const bytes = Buffer.concat([frame(settings, 0, 6), frame(headers, endHeaders, 5), frame(data, 0, 5)]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const blocks = new Http2HeaderBlocks();
      const first = blocks.nextEnd(bytes.subarray(0, cut));
      const second = first === undefined ? blocks.nextEnd(bytes.subarray(cut)) : undefined;
      expect(first ?? (second ?? 0) + cut).toBe(29);
    }
  });
});

describe('the headers of an HTTP/2 server', () => {
  const block = frame(headers, endHeaders, 4);
  const body = frame(data, endStream, 6);

  it('are given alone: what they cause in a tick comes before the body', async () => {
    const { socket, engine } = await securedClient();
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => {
      seen.push(nameOf(chunk));
      process.nextTick(() => seen.push('tick'));
    });
    engine.sink.plaintext(Buffer.concat([block, body]));
    engine.sink.plaintext(Buffer.concat([body, block, body]));
    engine.sink.closed();
    await once(socket, 'end');
    expect(seen).toEqual(['headers', 'tick', 'data', 'data+headers', 'tick', 'tick', 'data', 'tick']);
  });

  it('are given alone to a reader who had paused', async () => {
    const { socket, engine } = await securedClient();
    engine.sink.plaintext(Buffer.concat([block, body]));
    await turn();
    await turn();
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => {
      seen.push(nameOf(chunk));
      process.nextTick(() => seen.push('tick'));
    });
    engine.sink.closed();
    await once(socket, 'end');
    expect(seen).toEqual(['headers', 'tick', 'data', 'tick']);
  });

  it('do not keep what is behind them from a reader who asks for more', async () => {
    const { socket, engine } = await securedClient();
    const length = block.length + body.length;
    engine.sink.plaintext(Buffer.concat([block, body]));
    const got = new Promise((resolve) => {
      const look = (): void => {
        const chunk: unknown = socket.read(length);
        if (chunk !== null) resolve(chunk);
      };
      socket.on('readable', look);
      look();
    });
    expect(await got).toEqual(Buffer.concat([block, body]));
    socket.destroy();
  });

  it('come before a failure, with what is behind them', async () => {
    const { socket, engine } = await securedClient();
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => seen.push(nameOf(chunk)));
    const failed = once(socket, 'error');
    engine.sink.plaintext(Buffer.concat([block, body]));
    engine.script(new TlsError('ERR_TLS_DECODE', 'scripted'));
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_TLS_DECODE' })]);
    expect(seen).toEqual(['headers', 'data']);
  });

  it('are given up with the rest by `destroy`', async () => {
    const { socket, engine } = await securedClient();
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => {
      seen.push(nameOf(chunk));
      socket.destroy();
    });
    engine.sink.plaintext(Buffer.concat([block, body]));
    await once(socket, 'close');
    await turn();
    expect(seen).toEqual(['headers']);
  });

  it('hold nothing back of what a client sends to a server', async () => {
    const { context, engine } = scriptedServer(false);
    const socket = secure(sinkhole(), { context });
    engine().sink.handshake({ ...scriptedInfo, role: 'server' });
    await whenSecure(socket);
    const seen: string[] = [];
    socket.on('data', (chunk: Buffer) => seen.push(nameOf(chunk)));
    await turn();
    engine().sink.plaintext(Buffer.concat([block, body]));
    expect(seen).toEqual(['headers+data']);
    socket.destroy();
  });

  function nameOf(chunk: Buffer): string {
    const known = [
      ['headers', block],
      ['data', body],
      ['data+headers', Buffer.concat([body, block])],
      ['headers+data', Buffer.concat([block, body])],
    ] as const;
    return known.find(([, bytes]) => chunk.equals(bytes))?.[0] ?? chunk.toString('hex');
  }
});

async function securedClient(): Promise<{ readonly socket: TlsSocket; readonly engine: ScriptedEngine }> {
  const { context, engine } = scriptedClient();
  const socket = secure(sinkhole(), { context, serverName: 'localhost' });
  await whenSecure(socket);
  return { socket, engine: engine() };
}

function frame(type: number, flags: number, length: number): Buffer {
  const bytes = Buffer.alloc(9 + length, 'x');
  bytes.writeUIntBE(length, 0, 3);
  bytes.set([type, flags, 0, 0, 0, 1], 3);
  return bytes;
}
