import { describe, expect, it, vi } from 'vitest';
import { ClientHelloPsks } from '../src/socket/offered-psks.ts';

function vector(lengthBytes: 1 | 2, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = lengthBytes === 1 ? [body.length] : [body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from(length), body]);
}

function extension(type: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(type >> 8, type & 0xff), vector(2, body)]);
}

/** A ClientHello that offers a ticket, which has an age, and an external key, which has none. */
function clientHello(padding = 0): Buffer {
  const offers = vector(
    2,
    vector(2, Buffer.from('ticket')),
    Buffer.of(0, 0, 0, 9),
    vector(2, Buffer.from('mine')),
    Buffer.alloc(4),
  );
  const extensions = vector(2, extension(21, Buffer.alloc(padding)), extension(41, Buffer.concat([offers, vector(2)])));
  const fixed = Buffer.alloc(34, 3);
  const body = Buffer.concat([fixed, vector(1), vector(2, Buffer.of(0x13, 1)), vector(1, Buffer.of(0)), extensions]);
  return Buffer.concat([Buffer.of(1, 0, body.length >> 8, body.length & 0xff), body]);
}

/** The message in records of so many bytes. */
function records(message: Buffer, size: number): Buffer {
  const made: Buffer[] = [];
  for (let at = 0; at < message.length; at += size)
    made.push(Buffer.of(22, 3, 1), vector(2, message.subarray(at, at + size)));
  return Buffer.concat(made);
}

/** What is found in bytes that come in pieces of so many. */
function found(bytes: Buffer, size: number): readonly string[] | undefined {
  const psks = new ClientHelloPsks();
  for (let at = 0; at < bytes.length; at += size) {
    const identities = psks.take(bytes.subarray(at, at + size));
    if (identities !== undefined) return identities.map((each) => Buffer.from(each).toString());
  }
  return undefined;
}

describe('the external keys that a ClientHello offers', () => {
  it.each([
    [1, 1],
    [1, 7],
    [3, 1000],
    [16_384, 5],
    [16_384, 100_000],
  ])('are found in records of %i bytes that come in pieces of %i', (recordSize, pieceSize) => {
    expect(found(records(clientHello(300), recordSize), pieceSize)).toEqual(['mine']);
  });

  it('are waited for until the message is whole', () => {
    expect(found(records(clientHello(), 16_384).subarray(0, -1), 9)).toBeUndefined();
  });

  it('are none in what is no handshake, from the first byte on', () => {
    expect(found(Buffer.from('GET'), 1)).toEqual([]);
    expect(found(Buffer.of(22, 3, 1, 0, 1, 1, 21), 7)).toEqual([]);
  });

  it('are none in a message that is longer than any ClientHello, or that never ends', () => {
    expect(found(records(Buffer.of(1, 0xff, 0, 0), 4), 9)).toEqual([]);
    expect(found(Buffer.concat(Array.from({ length: 30_000 }, () => Buffer.of(22, 3, 1, 0, 0))), 1000)).toEqual([]);
  });

  it('cost two copies of the bytes at most, however the client cuts them', () => {
    const concat = vi.spyOn(Buffer, 'concat');
    const bytes = records(clientHello(15_000), 1);
    concat.mockClear();
    expect(found(bytes, 16)).toEqual(['mine']);
    expect(concat).toHaveBeenCalledTimes(2);
    concat.mockRestore();
  });
});
