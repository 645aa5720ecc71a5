import type { ConnectionInfo } from '@org/tls-core';
import type { CryptoProvider } from '../crypto/provider.ts';
import { RecordProtection } from '../record/record-protection.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';

/** What a finished handshake hands to the engine. */
export interface Established {
  readonly info: ConnectionInfo;
  readonly keys: ApplicationKeys;
}

/** The secrets of an open connection (RFC 8446 §7.1), which it owns and wipes. */
export class ApplicationKeys {
  readonly #crypto: CryptoProvider;
  readonly #schedule: KeySchedule;
  readonly #exporterSecret: Uint8Array;
  /** application_traffic_secret_N of each direction. */
  #writeSecret: Uint8Array;
  #readSecret: Uint8Array;

  /** The secrets become this object's. */
  constructor(
    crypto: CryptoProvider,
    schedule: KeySchedule,
    secrets: { readonly write: Uint8Array; readonly read: Uint8Array; readonly exporter: Uint8Array },
  ) {
    this.#crypto = crypto;
    this.#schedule = schedule;
    this.#writeSecret = secrets.write;
    this.#readSecret = secrets.read;
    this.#exporterSecret = secrets.exporter;
  }

  /** Protection under the next generation of our keys (RFC 8446 §7.2). */
  updateWrite(): RecordProtection {
    this.#writeSecret = this.#next(this.#writeSecret);
    return this.#protectionOf(this.#writeSecret);
  }

  /** Protection under the next generation of the peer's keys. */
  updateRead(): RecordProtection {
    this.#readSecret = this.#next(this.#readSecret);
    return this.#protectionOf(this.#readSecret);
  }

  /**
   * TLS-Exporter (RFC 8446 §7.5).
   * @throws RangeError when the label is not 1 to 249 characters of printable ASCII, or the length not 1 to 255 times the hash's
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    const maxLength = 255 * this.#schedule.suite.hashLength;
    if (!Number.isInteger(length) || length < 1 || length > maxLength) {
      throw new RangeError(`length: expected 1 to ${maxLength}, got ${length}`);
    }
    if (!/^[\x20-\x7e]{1,249}$/.test(label))
      throw new RangeError('label: expected 1 to 249 characters of printable ASCII');
    return this.#schedule.exporter(this.#exporterSecret, label, context, length);
  }

  wipe(): void {
    this.#writeSecret.fill(0);
    this.#readSecret.fill(0);
    this.#exporterSecret.fill(0);
  }

  #next(secret: Uint8Array): Uint8Array {
    const next = this.#schedule.nextTrafficSecret(secret);
    secret.fill(0);
    return next;
  }

  #protectionOf(secret: Uint8Array): RecordProtection {
    return new RecordProtection(this.#crypto, this.#schedule.suite, this.#schedule.trafficKeys(secret));
  }
}
