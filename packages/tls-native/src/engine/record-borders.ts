import { AlertDescription } from '@org/tls-core';
import { faultOfFirstRecord } from '@org/tls-core/backend';

const majorVersion = 3;
const alertContentType = 21;
const alertLevel = { warning: 1, fatal: 2 } as const;
/** Bytes of a record's header that show whether it is TLS at all. */
const startLength = 2;

/**
 * The peer's first bytes, until they have shown what it speaks. Libraries tell of what is no TLS in many ways; tls-core judges it for all
 * backends alike.
 */
export class FirstBytes {
  /** What has come and shows nothing yet; `undefined`: they have been seen. */
  #start: Uint8Array | undefined = new Uint8Array(0);

  /** The peer has begun a record, and so it has an answer to our first flight. */
  get areSeen(): boolean {
    return this.#start === undefined;
  }

  /**
   * @returns what the library may read; `undefined`: nothing yet
   * @throws TlsError as `faultOfFirstRecord` says
   */
  see(ciphertext: Uint8Array): Uint8Array | undefined {
    if (this.#start === undefined) return ciphertext;
    const input = this.#start.length === 0 ? ciphertext : Buffer.concat([this.#start, ciphertext]);
    const fault = faultOfFirstRecord(input);
    if (fault !== undefined) throw fault;
    this.#start = input.length < startLength ? new Uint8Array(input) : undefined;
    return this.#start === undefined ? input : undefined;
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
