/**
 * How many random bytes wait at most: enough for some twenty handshakes, and few enough that whoever reads memory learns little of what
 * will be drawn.
 */
const poolLength = 2048;
/** Longer requests go past the pool: asking the platform once costs little for so many bytes. */
const maxPooledLength = 256;

/**
 * Gives a `randomFill` that asks the platform for many bytes at once and hands them out in small pieces. Bytes are wiped here as they are
 * handed out, so that none is given twice and none that was given can be read here.
 * @param fill fills the whole of a buffer from the platform's cryptographic generator, or throws
 */
export function pooledRandomFill(fill: (into: Uint8Array) => void): (into: Uint8Array) => void {
  let pool: Uint8Array | undefined;
  let used = poolLength;
  return (into) => {
    const { length } = into;
    if (length > maxPooledLength) {
      fill(into);
      return;
    }
    pool ??= new Uint8Array(poolLength);
    if (used + length > poolLength) {
      used = poolLength; // holds if the platform throws
      fill(pool);
      used = 0;
    }
    for (let index = 0; index < length; index += 1) {
      into[index] = pool[used + index] ?? 0;
      pool[used + index] = 0;
    }
    used += length;
  };
}
