import { TlsError } from '@org/tls-core';

/** Records without content in a row. */
const maxEmptyRecords = 32;
/** user_canceled alerts in a row (RFC 8446 §6.1). */
const maxWarningAlerts = 4;
/** Post-handshake messages in a row without application data. */
const maxPostHandshakeMessages = 32;

/** Counts what a peer may send for ever without getting anywhere. Each method throws `ERR_TLS_LIMIT` at its limit; rustls's figures. */
export class FloodLimits {
  #emptyRecords = 0;
  #warningAlerts = 0;
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
