import type { Duplex } from 'node:stream';

/** The Duplexes that a TlsStream has taken over. */
const taken = new WeakSet<Duplex>();

/**
 * Refuses a Duplex that no TlsStream can take over. It changes nothing.
 * @throws TypeError on what is no Duplex, is another TlsStream's, or has decoded its bytes to text already
 */
export function checkDuplex(duplex: Duplex): void {
  if (!isDuplex(duplex)) throw new TypeError('transport: expected a Duplex stream of node:stream, e.g. a net.Socket');
  if (taken.has(duplex)) throw new TypeError('transport: another TlsSocket has taken it over');
  // an older or foreign Duplex may not have this property
  const encoding = (duplex.readableEncoding as BufferEncoding | null | undefined) ?? null;
  if (encoding !== null && encoding !== bytesAsText && duplex.readableLength > 0) {
    throw new TypeError(
      `transport: ${duplex.readableLength} characters wait in it that setEncoding('${encoding}') made of bytes, ` +
        'which cannot be undone; call setEncoding before they come, or not at all',
    );
  }
}

/**
 * Makes a Duplex, whatever was done with it before, give every byte to the listener of `data` and take every byte at once. It is
 * uncorked and unpiped, listeners of `readable` are removed because they would read in our place, and an encoding is replaced by one that
 * keeps the bytes. What waits in its buffer is read first.
 */
export function takeDuplex(duplex: Duplex): void {
  taken.add(duplex);
  // TLS says what the end of the peer means: a Duplex that ends itself then would cut off what was still to be written
  duplex.allowHalfOpen = true;
  duplex.unpipe();
  duplex.removeAllListeners('readable');
  if ((duplex.readableEncoding ?? null) !== null) duplex.setEncoding(bytesAsText);
  while (duplex.writableCorked > 0) duplex.uncork();
}

/** Gives the bytes of a chunk; `undefined` where it is neither bytes nor text of `takeDuplex`'s encoding. */
export function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  return typeof chunk === 'string' ? Buffer.from(chunk, bytesAsText) : undefined;
}

/** This encoding has one character for each byte, and is the only one by which a stream cannot lose bytes. */
const bytesAsText = 'latin1';

function isDuplex(duplex: unknown): duplex is Duplex {
  if (typeof duplex !== 'object' || duplex === null) return false;
  const { on, resume, write } = duplex as Partial<Duplex>;
  return [on, resume, write].every((method) => typeof method === 'function');
}
