import type { TlsSession } from '@org/tls-core';

/** Stands before the bytes of a session, so that bytes of OpenSSL are not taken for ours. */
const mark = Buffer.from('@org/node-tls session 1\n');

/**
 * Writes a session as the bytes that Node's interface has for it. Who holds them can resume the session. They mean nothing to OpenSSL.
 */
export function sessionToBuffer({ state, ...rest }: TlsSession): Buffer {
  const header = Buffer.from(JSON.stringify(rest));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(header.length);
  return Buffer.concat([mark, length, header, state]);
}

/** The bytes of no session: `sessionOfBuffer` gives `undefined` for them. */
export function noSession(): Buffer {
  return Buffer.concat([mark, Buffer.alloc(2)]);
}

/** Reads what `sessionToBuffer` wrote; gives `undefined` for anything else, which Node passes over in silence too. */
export function sessionOfBuffer(given: unknown): TlsSession | undefined {
  const bytes = typeof given === 'string' ? Buffer.from(given, 'latin1') : given;
  if (!(bytes instanceof Uint8Array)) return undefined;
  const buffer = Buffer.from(bytes);
  const start = mark.length + 2;
  if (buffer.length < start || !buffer.subarray(0, mark.length).equals(mark)) return undefined;
  const end = start + buffer.readUInt16BE(mark.length);
  try {
    const header = JSON.parse(buffer.toString('utf8', start, end)) as Omit<TlsSession, 'state'>;
    return { ...header, state: buffer.subarray(end) };
  } catch {
    return undefined;
  }
}
