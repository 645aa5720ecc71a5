import { checkExport } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { RecordProtection13 } from '../record/record-protection-13.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import type { ConnectionKeys, KeyUpdates } from './established.ts';

/** The secrets of an open connection of TLS 1.3 (RFC 8446 §7.1). */
export class Keys13 implements ConnectionKeys, KeyUpdates {
  readonly #crypto: CryptoProvider;
  readonly #schedule: KeySchedule;
  readonly #exporterSecret: Uint8Array;
  /** application_traffic_secret_N of either direction. */
  #writeSecret: Uint8Array;
  #readSecret: Uint8Array;

  /** @param secrets become this object's: the caller must not use them any more */
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

  get update(): KeyUpdates {
    return this;
  }

  updateWrite(): RecordProtection13 {
    this.#writeSecret = this.#next(this.#writeSecret);
    return this.#protectionOf(this.#writeSecret);
  }

  updateRead(): RecordProtection13 {
    this.#readSecret = this.#next(this.#readSecret);
    return this.#protectionOf(this.#readSecret);
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    checkExport(label, length, this.#schedule.suite.hashLength);
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

  #protectionOf(secret: Uint8Array): RecordProtection13 {
    const { suite } = this.#schedule;
    return new RecordProtection13(this.#crypto, suite, this.#schedule.trafficKeys(secret));
  }
}
