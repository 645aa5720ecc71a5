import type { TlsSession } from '@org/tls-core';
import { readSession, withChecksum, withoutChecksum } from '@org/tls-core/backend';

/** Stands before the bytes of a session, so that bytes of OpenSSL, or of another version of this, are not taken for ours. */
const mark = Buffer.from('@org/node-tls session 1\n');

/** Where the header begins: behind its length, in two bytes. */
const headerStart = 2;
const longestHeader = 0xffff;

/**
 * Writes a session as the bytes that `getSession()` gives and the option `session` takes. Who holds them can resume the session. They mean
 * nothing to OpenSSL.
 */
export function sessionToBuffer({ state, ...rest }: TlsSession): Buffer {
  const header = Buffer.from(JSON.stringify(rest));
  if (header.length > longestHeader) throw new RangeError(`session: a header of ${header.length} bytes`);
  const length = Buffer.of(header.length >> 8, header.length & 0xff);
  return Buffer.concat([mark, withChecksum(Buffer.concat([length, header, state]))]);
}

/** Reads what `sessionToBuffer` wrote. Anything else gives `undefined`, so that a full handshake is done, as Node does it. */
export function sessionOfBuffer(given: unknown): TlsSession | undefined {
  const bytes = typeof given === 'string' ? Buffer.from(given, 'latin1') : given;
  if (!(bytes instanceof Uint8Array)) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, mark.length).equals(mark)) return undefined;
  const content = withoutChecksum(buffer.subarray(mark.length));
  if (content === undefined || content.length < headerStart) return undefined;
  const headerEnd = headerStart + (((content[0] ?? 0) << 8) | (content[1] ?? 0));
  if (headerEnd > content.length) return undefined;
  const header = Buffer.from(content.subarray(headerStart, headerEnd)).toString();
  return readSession({ ...parsed(header), state: content.subarray(headerEnd) });
}

function parsed(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
