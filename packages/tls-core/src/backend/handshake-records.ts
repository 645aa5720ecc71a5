import { TlsError } from '../tls-error.ts';

/**
 * Records of handshake messages in the clear that a peer may send in one handshake. Each costs as much as a full one, whatever is in it. Nobody
 * fragments so: 64 KiB, the longest message that is accepted, has 8 bytes in each of so many records, and 64 is the smallest
 * `record_size_limit` (RFC 8449 §4). BoringSSL's tests cut a ClientHello with a long ticket into more than half as many.
 */
export const maxHandshakeRecords = 8192;

/** Counts records of handshake messages in the clear (RFC 8446 §5.1). */
export class HandshakeRecords {
  #count = 0;

  /** @throws TlsError `ERR_TLS_LIMIT` on one more than `maxHandshakeRecords` */
  note(): void {
    this.#count += 1;
    if (this.#count > maxHandshakeRecords)
      throw new TlsError('ERR_TLS_LIMIT', `expected a handshake of at most ${maxHandshakeRecords} records, got more`);
  }

  /** What has come is about to be read again from its beginning. */
  clear(): void {
    this.#count = 0;
  }
}
