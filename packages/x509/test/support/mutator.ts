type Random = (below: number) => number;

/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same mutations everywhere. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Damages DER in one to three places: bits, bytes, lengths, whole elements of the same or of another certificate. */
export function mutator(seed: number): (der: Uint8Array, others: readonly Uint8Array[]) => Uint8Array {
  const random = randomFrom(seed);
  return (der, others) => {
    let bytes = der;
    for (let step = 0; step <= random(3); step += 1) bytes = mutateOnce(bytes, others, random);
    return bytes;
  };
}

function mutateOnce(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = random(bytes.length);
  switch (random(8)) {
    case 0:
      return replaced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random(8))));
    case 1:
      return replaced(bytes, at, 1, Uint8Array.of(random(256)));
    case 2:
      return replaced(bytes, at, 0, Uint8Array.of(random(256)));
    case 3:
      return replaced(bytes, at, 1 + random(4), new Uint8Array(0));
    case 4:
      return bytes.subarray(0, at);
    case 5: {
      // another place's bytes, of the same length: elements of one kind stand in for each other
      const from = random(bytes.length);
      const length = Math.min(1 + random(24), bytes.length - from, bytes.length - at);
      return replaced(bytes, at, length, bytes.slice(from, from + length));
    }
    case 6: {
      const other = others[random(others.length)] ?? bytes;
      const from = random(other.length);
      return replaced(bytes, at, 1 + random(16), other.slice(from, from + 1 + random(16)));
    }
    default:
      // digits of times and letters of names: what stays well-formed
      return replaced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) + (random(2) === 0 ? 1 : -1)));
  }
}

function replaced(bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.max(0, bytes.length - Math.min(length, bytes.length - at)) + by.length);
  result.set(bytes.subarray(0, at));
  result.set(by, at);
  result.set(bytes.subarray(Math.min(bytes.length, at + length)), at + by.length);
  return result;
}
