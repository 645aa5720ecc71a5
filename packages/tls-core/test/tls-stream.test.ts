import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { TlsError } from '../src/index.ts';
import { DuplexTransport, TlsStream, whenSecure, type TlsStreamOptions } from '../src/node/index.ts';
import type { ClosingManner, Transport, TransportSink } from '../src/node/transport.ts';
import { ScriptedEngine, scriptedInfo } from './support/scripted-backend.ts';
import { closed, sinkhole, turn } from './support/transports.ts';

/** A transport that is no Duplex and writes down what is asked of it. */
class RecordingTransport implements Transport {
  readonly kind = 'recording';
  isWritable = true;
  isFull = false;
  sink: TransportSink | undefined;
  readonly written: string[] = [];
  readonly calls: string[] = [];

  open(sink: TransportSink): void {
    this.sink = sink;
  }
  resume(): void {
    this.calls.push('resume');
  }
  pause(): void {
    this.calls.push('pause');
  }
  tellEarlierEnd(): void {
    this.calls.push('tellEarlierEnd');
  }
  write(batch: Uint8Array): boolean {
    this.written.push(Buffer.from(batch).toString('latin1'));
    return !this.isFull;
  }
  end(done: () => void): void {
    this.calls.push('end');
    done();
  }
  close(manner: ClosingManner): void {
    this.calls.push(manner);
  }
  release(): void {
    this.calls.push('release');
  }
  ref(): void {
    this.calls.push('ref');
  }
  unref(): void {
    this.calls.push('unref');
  }
}

function streamOver(transport: Transport, options: TlsStreamOptions & { readonly isDone?: boolean } = {}) {
  const { isDone = true, ...rest } = options;
  let engine: ScriptedEngine | undefined;
  const stream = new TlsStream(transport, (sink) => (engine = new ScriptedEngine(sink, isDone)), rest);
  if (engine === undefined) throw new Error('no engine was made');
  return { stream, engine };
}

describe('a TlsStream over a transport that is no Duplex', () => {
  it('carries bytes both ways', async () => {
    const transport = new RecordingTransport();
    const { stream } = streamOver(transport);
    expect(await whenSecure(stream)).toBe(scriptedInfo);
    expect(transport.calls).toEqual(['resume', 'tellEarlierEnd']);
    transport.sink?.bytes(Buffer.from('hello'));
    expect(String(stream.read())).toBe('hello');
    stream.write('hello back');
    expect(transport.written).toEqual(['hello back']);
    stream.end();
    await once(stream, 'finish');
    expect(transport.written).toEqual(['hello back', 'ÿ']);
    expect(transport.calls.slice(2)).toEqual(['end']);
    stream.destroy();
  });

  it('waits until a full transport has drained', async () => {
    const transport = new RecordingTransport();
    const { stream } = streamOver(transport);
    await whenSecure(stream);
    transport.isFull = true;
    const written: string[] = [];
    for (const word of ['first', 'second']) stream.write(word, () => written.push(word));
    await turn();
    expect([transport.written, written]).toEqual([['first'], []]);
    transport.isFull = false;
    transport.sink?.drained();
    await turn();
    expect([transport.written, written]).toEqual([
      ['first', 'second'],
      ['first', 'second'],
    ]);
    stream.destroy();
  });

  it('lets bytes come only while the reader and the engine both want them', () => {
    const transport = new RecordingTransport();
    const { stream, engine } = streamOver(transport);
    transport.calls.length = 0;
    engine.isInputHeld = true;
    transport.sink?.bytes(Buffer.alloc(2 ** 20, 'x'));
    expect(transport.calls).toEqual(['pause', 'pause']);
    stream.read();
    expect(transport.calls).toEqual(['pause', 'pause']);
    engine.sink.inputResumed?.();
    expect(transport.calls).toEqual(['pause', 'pause', 'resume']);
    stream.destroy();
  });

  it.each<[string, ClosingManner, (stream: TlsStream, engine: ScriptedEngine) => unknown]>([
    ['destroy() lets what was written arrive', 'whenSent', (stream) => stream.destroy()],
    ['destroy(error) cuts', 'now', (stream) => stream.on('error', () => undefined).destroy(new Error('enough'))],
    ['resetAndDestroy() resets', 'reset', (stream) => stream.resetAndDestroy()],
    [
      'an alert that was sent lingers',
      'lingering',
      (stream, engine) => {
        stream.on('error', () => undefined);
        engine.script(new TlsError('ERR_TLS_DECODE', 'scripted'));
      },
    ],
  ])('%s', async (_what, manner, close) => {
    const transport = new RecordingTransport();
    const { stream, engine } = streamOver(transport);
    await whenSecure(stream);
    close(stream, engine);
    await closed(stream);
    expect(transport.calls.slice(2)).toEqual([manner]);
  });

  it('gives the transport back when the engine cannot start', () => {
    const transport = new RecordingTransport();
    const refusal = new TypeError('refused');
    const make = (): TlsStream =>
      new TlsStream(transport, (sink) => {
        const engine = new ScriptedEngine(sink, false);
        engine.start = () => {
          throw refusal;
        };
        return engine;
      });
    expect(make).toThrow(refusal);
    expect(transport.calls).toEqual(['release']);
  });

  it('refuses at once what is no transport, and an option that it does not know', () => {
    let made = 0;
    const make = (): never => {
      made += 1;
      throw new Error('made');
    };
    expect(() => new TlsStream(sinkhole() as never, make)).toThrow(TypeError);
    expect(() => new TlsStream(undefined as never, make)).toThrow(TypeError);
    expect(() => new TlsStream(new RecordingTransport(), make, { role: 'client' } as never)).toThrow(TypeError);
    expect(made).toBe(0);
  });

  it('that fails in the turn in which it is secure rejects who waits for that, and no error is left to nobody', async () => {
    const transport = new RecordingTransport();
    const { stream, engine } = streamOver(transport, { isDone: false });
    stream.on('secure', () => transport.sink?.failed(new TlsError('ERR_TLS_TRANSPORT', 'a reset')));
    const secured = whenSecure(stream);
    engine.sink.handshake(scriptedInfo);
    await expect(secured).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT' });
  });

  it('hands ref and unref on', () => {
    const transport = new RecordingTransport();
    const { stream } = streamOver(transport);
    expect(stream.unref().ref()).toBe(stream);
    expect(transport.calls.slice(2)).toEqual(['unref', 'ref']);
    stream.destroy();
  });
});

describe('what a TlsStream does at once', () => {
  it('is a small write without a callback, in its order among others', async () => {
    const transport = new RecordingTransport();
    const { stream } = streamOver(transport);
    await whenSecure(stream);
    expect(stream.write(Buffer.from('one'))).toBe(true);
    expect(transport.written).toEqual(['one']);
    stream.cork();
    stream.write(Buffer.from('two'));
    expect(transport.written).toEqual(['one']);
    stream.uncork();
    stream.write('three');
    const done = new Promise((resolve) => stream.write(Buffer.from('four'), resolve));
    stream.write(Buffer.from('five'));
    await done;
    expect(transport.written.join(' ')).toBe('one two three four five');
    stream.destroy();
  });

  it('is no write of a listener who is called in the middle of another one', async () => {
    const transport = new RecordingTransport();
    const { stream, engine } = streamOver(transport);
    await whenSecure(stream);
    const send = engine.send.bind(engine);
    engine.send = (bytes) => {
      if (engine.sent.length === 0) engine.sink.keyLog('a line');
      send(bytes);
    };
    stream.on('keylog', () => stream.write(Buffer.from('of a listener')));
    stream.write(Buffer.alloc(2 ** 17, 'x'));
    await turn();
    expect(transport.written.map((text) => text.length)).toEqual([2 ** 16, 2 ** 16, 13]);
    stream.destroy();
  });

  it('is no write behind `end`, which fails as in any stream', async () => {
    const { stream } = streamOver(new RecordingTransport());
    await whenSecure(stream);
    stream.end();
    const failed = once(stream, 'error');
    stream.write(Buffer.from('late'));
    expect(await failed).toEqual([expect.objectContaining({ code: 'ERR_STREAM_WRITE_AFTER_END' })]);
  });

  it('is no write while the transport is full, nor one that the engine refuses', async () => {
    const transport = new RecordingTransport();
    const { stream, engine } = streamOver(transport);
    await whenSecure(stream);
    transport.isFull = true;
    stream.write(Buffer.from('one'));
    stream.destroy();
    expect(engine.calls).not.toContain('close');
    const waiting = streamOver(transport);
    await whenSecure(waiting.stream);
    for (const word of ['two', 'three', 'four']) waiting.stream.write(Buffer.from(word));
    expect([transport.written, waiting.stream.writableLength]).toEqual([['one', 'two', 'three'], 9]);
    waiting.stream.destroy();
    const refusing = streamOver(new RecordingTransport());
    await whenSecure(refusing.stream);
    const reason = new TlsError('ERR_TLS_LIMIT', 'scripted');
    refusing.engine.send = () => {
      throw reason;
    };
    const failed = once(refusing.stream, 'error');
    expect(refusing.stream.write(Buffer.from('x'))).toBe(false);
    expect(await failed).toEqual([reason]);
  });

  it('is to tell a reader that flows, who may stop at any chunk', async () => {
    const transport = new RecordingTransport();
    const { stream } = streamOver(transport);
    await whenSecure(stream);
    const seen: string[] = [];
    stream.on('data', (chunk: Buffer) => {
      expect(chunk).toBeInstanceOf(Buffer);
      seen.push(String(chunk));
      if (seen.length === 2) stream.pause();
    });
    await turn();
    for (const word of ['one', 'two', 'three', 'four']) transport.sink?.bytes(Buffer.from(word));
    expect([seen, stream.readableLength, stream.readableDidRead]).toEqual([['one', 'two'], 9, true]);
    stream.resume();
    await turn();
    expect(seen).toEqual(['one', 'two', 'three', 'four']);
    stream.destroy();
  });
});

describe('a TlsStream over a Duplex', () => {
  it('has no surface of a socket, and emits none of its events', async () => {
    const { stream } = streamOver(new DuplexTransport(sinkhole()));
    const heard: string[] = [];
    for (const event of ['connect', 'secureConnect', 'secure']) stream.on(event, () => heard.push(event));
    await once(stream, 'secure');
    expect(heard).toEqual(['secure']);
    for (const name of ['remoteAddress', 'setNoDelay', 'setTimeout', 'encrypted', 'getPeerCertificate', 'authorized'])
      expect(name in stream, name).toBe(false);
    stream.destroy();
  });
});
