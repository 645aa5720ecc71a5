import type { Random } from './random.ts';

/** Damages bytes in one place, without knowing what they mean. */
export function mutateBytes(random: Random, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const at = random.below(bytes.length + 1);
  const rest = bytes.length - at;
  switch (random.below(9)) {
    case 0:
      return spliced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
    case 1:
      return spliced(bytes, at, 1, Uint8Array.of(random.pick(interesting)));
    case 2:
      return spliced(bytes, at, 0, random.bytes(random.between(1, 4)));
    case 3:
      return spliced(bytes, at, random.between(1, 4), empty);
    case 4:
      return bytes.slice(0, at);
    case 5:
      // A part of the input is inserted somewhere else.
      return spliced(bytes, random.below(bytes.length + 1), 0, bytes.slice(at, at + random.between(1, 64)));
    case 6: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return spliced(bytes, at, random.below(32), other.slice(from, from + random.between(1, 64)));
    }
    case 7:
      return spliced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) + (random.oneIn(2) ? 1 : -1)));
    default:
      return spliced(
        bytes,
        at,
        random.below(rest + 1),
        new Uint8Array(random.below(64)).fill(random.pick(interesting)),
      );
  }
}

/** Puts `by` in the place of `length` bytes. */
export function spliced(bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]));
}

const interesting = [0, 1, 2, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xfe, 0xff] as const;
const empty = new Uint8Array(0);
