import { AlertDescription, TlsError } from '@org/tls-core';

const firstContentType = 20;
const lastContentType = 23;
const majorVersion = 3;
const alertContentType = 21;
const alertLevel = { warning: 1, fatal: 2 } as const;
/** Bytes of a record's header that show whether it is TLS at all. */
const signatureLength = 2;

/** The peer's first bytes, until they have shown what it speaks. OpenSSL has a dozen reasons for bytes that are no TLS; here it is one. */
export class FirstBytes {
  #seenLength = 0;

  /** The peer has begun a record, and so it has an answer to our first flight. */
  get areSeen(): boolean {
    return this.#seenLength >= signatureLength;
  }

  /** @throws TlsError `ERR_TLS_NOT_TLS` on a byte that no record begins with */
  see(ciphertext: Uint8Array): void {
    if (this.areSeen) return;
    for (const byte of ciphertext.subarray(0, signatureLength - this.#seenLength)) {
      const isRight =
        this.#seenLength === 0 ? byte >= firstContentType && byte <= lastContentType : byte === majorVersion;
      if (!isRight)
        throw new TlsError('ERR_TLS_NOT_TLS', `the peer does not speak TLS: a byte ${byte} where a record begins`);
      this.#seenLength += 1;
    }
  }
}

/** The last words of a side while neither has keys: they go out as they are (RFC 8446 §6). */
export function plainAlerts(alert: number): Uint8Array {
  if (alert !== AlertDescription.userCanceled) return alertRecord(alertLevel.fatal, alert);
  // §6.1: a handshake is cancelled by two alerts
  const canceled = alertRecord(alertLevel.warning, alert);
  return Buffer.concat([canceled, alertRecord(alertLevel.warning, AlertDescription.closeNotify)]);
}

function alertRecord(level: number, alert: number): Uint8Array {
  return Uint8Array.of(alertContentType, majorVersion, majorVersion, 0, 2, level, alert);
}
