import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LentMemory } from '../src/backend/lent-memory.ts';
import { secure, whenSecure, type OnRead, type TlsSocket } from '../src/node/index.ts';
import { borrowingClient, type BorrowingEngine } from './support/scripted-backend.ts';
import { asDuplex, closed, tcpPair, turn } from './support/transports.ts';

interface Borrowing {
  readonly socket: TlsSocket;
  readonly engine: BorrowingEngine;
  readonly near: Socket;
  readonly far: Socket;
}

async function borrowing(onread?: OnRead, prepare = (near: Socket): Socket => near): Promise<Borrowing> {
  const [near, far] = await tcpPair();
  far.on('error', () => undefined);
  const { context, engine } = borrowingClient();
  const socket = secure(prepare(near), { context, serverName: 'localhost', onread });
  await whenSecure(socket);
  return { socket, engine: engine(), near, far };
}

function close({ socket, far }: Borrowing): void {
  socket.destroy();
  far.destroy();
}

async function receive(far: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of far.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    received += (chunk as Buffer).length;
    if (received >= length) break;
  }
  return Buffer.concat(chunks);
}

describe('memory that is lent for what is sent', () => {
  it('is the same for all connections that write in one tick, and each sends its own bytes', async () => {
    const pairs = await Promise.all(Array.from({ length: 10 }, () => borrowing()));
    for (const round of ['a', 'b', 'c'])
      for (const [index, { socket }] of pairs.entries()) socket.write(Buffer.from(`${round}${index}`));
    const seen = await Promise.all(pairs.map(({ far }) => receive(far, 6)));
    expect(seen.map(String)).toEqual(pairs.map((_, index) => `a${index}b${index}c${index}`));
    const memories = pairs.flatMap(({ engine }) => engine.lent.map((lent) => lent?.buffer));
    expect(new Set(memories).size).toBe(1);
    pairs.forEach(close);
  });

  it('is no longer lent while a slow peer’s connection sends from it, whose bytes stay as they were', async () => {
    const [slow, other] = [await borrowing(), await borrowing()];
    const sent: Buffer[] = [];
    for (let turns = 0; turns < 3; await turn()) {
      turns = slow.socket.writableLength > 2 ** 16 ? turns + 1 : 0;
      if (turns > 0) continue;
      sent.push(Buffer.alloc(2 ** 16, sent.length));
      slow.socket.write(sent.at(-1));
      const answer = receive(other.far, 60_000);
      other.socket.write(Buffer.alloc(60_000, 'x'));
      expect((await answer).equals(Buffer.alloc(60_000, 'x'))).toBe(true);
    }
    const whole = Buffer.concat(sent);
    expect((await receive(slow.far, whole.length)).equals(whole)).toBe(true);
    [slow, other].forEach(close);
  });

  it('that an engine does not use is lent again, and a batch elsewhere goes out in its order', async () => {
    const pair = await borrowing();
    const { engine, socket, far } = pair;
    socket.write(Buffer.from('first '));
    const [asked, askedAgain] = [engine.sink.ciphertextBuffer?.(10), engine.sink.ciphertextBuffer?.(10)];
    expect(askedAgain).toBeUndefined();
    engine.sink.ciphertext(Buffer.from('second '));
    await turn();
    socket.write(Buffer.from('third'));
    expect(engine.lent.at(-1)?.buffer).toBe(asked?.buffer);
    expect(String(await receive(far, 18))).toBe('first second third');
    close(pair);
  });

  it('is not lent for more than 68 KiB, nor over a Duplex', async () => {
    const [plain, duplex] = [await borrowing(), await borrowing(undefined, asDuplex)];
    expect(plain.engine.sink.ciphertextBuffer?.(2 ** 16 + 2 ** 12)).toHaveLength(2 ** 16 + 2 ** 12);
    await turn();
    expect(plain.engine.sink.ciphertextBuffer?.(2 ** 16 + 2 ** 12 + 1)).toBeUndefined();
    expect(duplex.engine.sink.ciphertextBuffer?.(1)).toBeUndefined();
    [plain, duplex].forEach(close);
  });

  it('serves a write of any size, which is protected in parts of 64 KiB', async () => {
    const pair = await borrowing();
    const sent = Buffer.alloc(300_000, 'abcdefg');
    pair.socket.write(sent);
    expect(pair.engine.sent.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 65_536, 37_856]);
    expect((await receive(pair.far, sent.length)).equals(sent)).toBe(true);
    close(pair);
  });
});

describe('memory that is lent for what comes', () => {
  it('is the program’s buffer of `onread` where what comes fits into it for certain', async () => {
    const buffer = new Uint8Array(2 ** 16);
    const seen: string[] = [];
    const pair = await borrowing({
      buffer,
      callback: (length, given) => seen.push(Buffer.from(given.subarray(0, length)).toString()),
    });
    for (const word of ['one', 'two']) {
      pair.far.write(word);
      while (seen.at(-1) !== word) await turn();
    }
    pair.far.write(Buffer.alloc(2 ** 17));
    while (pair.near.bytesRead < 2 ** 17) await turn();
    expect(pair.engine.lent.every((lent) => lent === buffer)).toBe(true);
    close(pair);
  });

  it('is ours where the program’s buffer is short or a function gives it, and is Node’s without `onread`', async () => {
    const seen: string[] = [];
    const callback = (length: number, given: Uint8Array): unknown =>
      seen.push(Buffer.from(given.subarray(0, length)).toString());
    const short = new Uint8Array(2);
    const made = new Uint8Array(2 ** 17);
    const pairs = [await borrowing({ buffer: short, callback }), await borrowing({ buffer: () => made, callback })];
    for (const { far, engine } of pairs) {
      far.write('abc');
      while (engine.lent.length === 0) await turn();
      expect([short, made, undefined]).not.toContain(engine.lent.at(-1));
    }
    expect(seen).toEqual(['ab', 'c', 'abc']);
    const without = await borrowing();
    const kept: Buffer[] = [];
    without.socket.on('data', (chunk: Buffer) => kept.push(chunk));
    for (const word of ['abc', 'defg', 'hi']) {
      const before = kept.length;
      without.far.write(word);
      while (kept.length === before) await turn();
    }
    expect(without.engine.lent.map((lent) => [lent instanceof Buffer, lent?.length])).toEqual([
      [true, 3],
      [true, 4],
      [true, 2],
    ]);
    expect(kept.map(String)).toEqual(['abc', 'defg', 'hi']);
    [...pairs, without].forEach(close);
  });

  it('is not lent while the program wants no bytes, and what came meanwhile follows in order', async () => {
    const buffer = new Uint8Array(2 ** 16);
    const seen: string[] = [];
    const callback = (length: number, given: Uint8Array): boolean => {
      seen.push(Buffer.from(given.subarray(0, length)).toString());
      return seen.length !== 1;
    };
    const pair = await borrowing({ buffer, callback });
    pair.far.write('one');
    while (seen.length === 0) await turn();
    pair.far.write('two');
    while (pair.engine.lent.length < 2) await turn();
    expect(pair.engine.lent[1]).toBeUndefined();
    expect(seen).toEqual(['one']);
    pair.socket.resume();
    while (seen.length < 2) await turn();
    pair.far.end(Buffer.concat([Buffer.from('three'), Buffer.of(0xff)]));
    await once(pair.socket, 'end');
    expect(seen).toEqual(['one', 'two', 'three']);
    await closed(pair.socket);
  });

  it('is taken beside a listener of `data`, which is not called', async () => {
    const told: string[] = [];
    const buffer = new Uint8Array(2 ** 16);
    const pair = await borrowing({ buffer, callback: (length) => told.push(`onread ${length}`) });
    pair.socket.on('data', (chunk: Buffer) => told.push(`data ${chunk.toString()}`));
    pair.far.write('abc');
    while (told.length < 1) await turn();
    pair.far.end(Buffer.of(0xff));
    await once(pair.socket, 'end');
    expect(told).toEqual(['onread 3']);
    expect(pair.engine.lent[0]).toBe(buffer);
    close(pair);
  });
});

/** A sink that lends four of eight bytes, with what it was told and the events that are still to be told. */
function fourOfEight(): { readonly memory: LentMemory; readonly told: Uint8Array[]; readonly events: (() => void)[] } {
  const pool = new Uint8Array(8);
  const told: Uint8Array[] = [];
  const events: (() => void)[] = [];
  const frame = { isNextToTell: true, tell: (event: () => void) => events.push(event) };
  const sink = { plaintext: (batch: Uint8Array) => told.push(batch), plaintextBuffer: () => pool.subarray(0, 4) };
  return { memory: new LentMemory(frame as never, sink as never, 'plaintext'), told, events };
}

it.each([4, 6])('a batch elsewhere in the ArrayBuffer of what was lent, at %i, is one of its own', (at) => {
  const { memory, told, events } = fourOfEight();
  const lent = memory.borrow(4) ?? new Uint8Array();
  const batches = [lent.subarray(0, 3), new Uint8Array(lent.buffer, at, 2)];
  for (const batch of batches) memory.tell(batch);
  for (const event of events) event();
  expect(told.map(({ byteOffset, length }) => [byteOffset, length])).toEqual([
    [0, 3],
    [at, 2],
  ]);
});

it.each([0, 1, 3])('a batch that begins in what was lent, at %i, is copied where it has to wait', (at) => {
  const { memory, told, events } = fourOfEight();
  const lent = memory.borrow(4) ?? new Uint8Array();
  memory.tell(lent.fill(7).subarray(at));
  memory.giveBack();
  lent.fill(0);
  for (const event of events) event();
  expect(told.map((batch) => [...batch])).toEqual([Array.from({ length: 4 - at }, () => 7)]);
});
