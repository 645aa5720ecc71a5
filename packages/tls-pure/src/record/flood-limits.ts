import { TlsError } from '@org/tls-core';

/** Records without content in a row. */
const maxEmptyRecords = 32;
/** user_canceled alerts in a row (RFC 8446 §6.1). */
const maxWarningAlerts = 4;
/** Post-handshake messages in a row without application data. */
const maxPostHandshakeMessages = 32;

/** Bytes of content below which a protected record of a handshake is small: nobody fragments so, `record_size_limit` is 64 at least. */
export const smallRecordLength = 32;
/**
 * Small records of one handshake. Each costs a whole AEAD operation, some 6 µs. A Finished that is cut into single bytes, as BoringSSL's
 * tests cut it, has 52, and a flight with a certificate 1,100.
 */
const maxSmallRecords = 256;
const maxSmallRecordsWithCertificate = 1200;

/** Counts what a peer may send for ever without getting anywhere. Each method throws `ERR_TLS_LIMIT` at its limit; rustls's figures. */
export class FloodLimits {
  #emptyRecords = 0;
  #warningAlerts = 0;
  #smallRecords = 0;
  #maxSmallRecords = maxSmallRecords;
  #postHandshakeMessages = 0;
  /** KeyUpdates that we have asked for and that may yet be answered. */
  #awaitedKeyUpdates = 0;

  /** Application data came: all may begin anew. */
  reset(): void {
    this.#emptyRecords = 0;
    this.#warningAlerts = 0;
    this.#postHandshakeMessages = 0;
  }

  emptyRecord(): void {
    this.#emptyRecords += 1;
    if (this.#emptyRecords > maxEmptyRecords) throw tooMany('empty records');
  }

  /** A certificate is among what the peer sends. */
  expectCertificate(): void {
    this.#maxSmallRecords = maxSmallRecordsWithCertificate;
  }

  /** A protected record with part of a handshake message, too short to be honest; all of a handshake count. */
  smallRecord(): void {
    this.#smallRecords += 1;
    if (this.#smallRecords > this.#maxSmallRecords) throw tooMany('small records');
  }

  warningAlert(): void {
    this.#warningAlerts += 1;
    if (this.#warningAlerts > maxWarningAlerts) throw tooMany('warning alerts');
  }

  awaitKeyUpdate(): void {
    this.#awaitedKeyUpdates += 1;
  }

  /** An answer to what we asked for ourselves costs the peer a question of ours each: it counts for nothing. */
  keyUpdate(isUpdateRequested: boolean): void {
    if (isUpdateRequested || this.#awaitedKeyUpdates === 0) this.postHandshakeMessage();
    else this.#awaitedKeyUpdates -= 1;
  }

  postHandshakeMessage(): void {
    this.#postHandshakeMessages += 1;
    if (this.#postHandshakeMessages > maxPostHandshakeMessages) throw tooMany('post-handshake messages');
  }
}

function tooMany(what: string): TlsError {
  return new TlsError('ERR_TLS_LIMIT', `too many ${what} in a row`);
}
