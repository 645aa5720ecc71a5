import { describe, expect, it } from 'vitest';
import { WholeRecords } from '../src/engine/whole-records.ts';

/** A record of so many bytes of content, which tell their own place. */
function record(length: number, type = 22): Uint8Array {
  return Uint8Array.from([type, 3, 3, length >> 8, length & 0xff, ...Array.from({ length }, (_, at) => at & 0xff)]);
}

function taken(records: WholeRecords, pieces: readonly Uint8Array[]): readonly (number | undefined)[] {
  return pieces.map((piece) => records.take(piece)?.length);
}

describe('records of a handshake', () => {
  it('that come whole are handed on as they came', () => {
    const flight = Buffer.concat([record(100), record(1, 20), record(16_640, 23)]);
    expect(new WholeRecords().take(flight)).toBe(flight);
  });

  it('that come byte by byte are handed on once, when the last byte is there', () => {
    const whole = record(300);
    const records = new WholeRecords();
    const came = Array.from(whole, (byte) => records.take(Uint8Array.of(byte)));
    expect(came.slice(0, -1)).toEqual(Array.from({ length: 304 }, () => undefined));
    expect(came.at(-1)).toEqual(whole);
  });

  it.each([1, 3, 4, 5, 6, 7, 100, 305, 306, 1000])(
    'that come in pieces of %i bytes lose and change nothing',
    (size) => {
      const flight = Buffer.concat([record(300), record(0), record(1, 20), record(500, 23), record(2, 21)]);
      const records = new WholeRecords();
      const came: Uint8Array[] = [];
      for (let at = 0; at < flight.length; at += size) {
        const part = records.take(flight.subarray(at, at + size));
        if (part !== undefined) came.push(new Uint8Array(part));
      }
      expect(Buffer.concat(came)).toEqual(flight);
    },
  );

  it('that have only begun wait for no more than themselves', () => {
    const records = new WholeRecords();
    expect(taken(records, [Buffer.concat([record(10), record(20).subarray(0, 7)]), record(20).subarray(7)])).toEqual([
      15, 25,
    ]);
    expect(taken(records, [record(20).subarray(0, 7)])).toEqual([undefined]);
    expect(records.takeAll(record(20).subarray(7))).toEqual(record(20));
    records.take(record(20).subarray(0, 7));
    records.clear();
    expect(records.take(record(9))).toEqual(record(9));
  });
});

describe('what is no record, or too long, goes to the library at once', () => {
  it.each([
    ['another type', Uint8Array.of(24, 3, 3, 0, 200, 1)],
    ['another version', Uint8Array.of(22, 2, 3, 0, 200, 1)],
    ['more plaintext than a record holds', Uint8Array.of(22, 3, 3, 0x40, 0x01, 1)],
    ['more ciphertext than a record holds', Uint8Array.of(23, 3, 3, 0x41, 0x01, 1)],
  ])('%s', (_, bytes) => {
    const records = new WholeRecords();
    expect(records.take(bytes)).toBe(bytes);
    expect(taken(records, [bytes.subarray(0, 4), bytes.subarray(4)])).toEqual([undefined, bytes.length]);
  });
});
