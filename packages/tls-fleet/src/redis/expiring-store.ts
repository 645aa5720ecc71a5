import { TlsError } from '@org/tls-core';
import { keyPart } from './key-part.ts';
import { unhurried, type Link } from '../link/link.ts';
import { textReply } from '../link/replies.ts';
import { sealedLength, type SealedValues } from './sealed-values.ts';

/** Bytes with an end, by a key. It fits where something asks for a store of that shape, such as the OCSP stapler of `@org/x509/status`. */
export interface ExpiringStore {
  /**
   * @param key 1 to 64 letters, digits, `.`, `_` and `-`
   * @returns `undefined` too where Redis does not answer, which `onWarning` tells
   */
  get(key: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps 1 to 1,048,576 bytes. Where Redis does not answer, they are not kept.
   * @param until milliseconds since the epoch
   */
  put(key: string, bytes: Uint8Array, until: number): Promise<void>;
}

interface ExpiringStoreSettings {
  readonly link: Link;
  readonly values: SealedValues;
  readonly now: () => number;
  readonly prefix: string;
  readonly warn: (error: TlsError) => void;
}

const longestValue = 2 ** 20;

export class ExpiringStoreInRedis implements ExpiringStore {
  readonly #settings: ExpiringStoreSettings;
  #isClosed = false;

  constructor(settings: ExpiringStoreSettings) {
    this.#settings = settings;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const { link, values, warn } = this.#settings;
    const place = this.#placeOf(key);
    if (this.#isClosed) return undefined;
    const reply = await link.ask(['GET', place], place, unhurried).catch(() => undefined);
    const text = textReply(reply, sealedLength(longestValue));
    if (text === undefined) return undefined;
    try {
      return values.open(text, place);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      warn(error);
      return undefined;
    }
  }

  /** @throws (rejects with) TlsError `ERR_TLS_LIMIT` on no bytes and on too many */
  async put(key: string, bytes: Uint8Array, until: number): Promise<void> {
    const { link, now, values } = this.#settings;
    const place = this.#placeOf(key);
    if (bytes.length === 0 || bytes.length > longestValue)
      throw new TlsError('ERR_TLS_LIMIT', `expected 1 to ${longestValue} bytes, got ${bytes.length}`);
    const lifetime = Math.ceil(until - now());
    if (this.#isClosed || !(lifetime > 0 && lifetime <= Number.MAX_SAFE_INTEGER)) return;
    const command = ['SET', place, values.seal(bytes, place), 'PX', String(lifetime)];
    await link.ask(command, place, unhurried).catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
  }

  #placeOf(key: string): string {
    return `${this.#settings.prefix}:stored:${keyPart(key, 'key')}`;
  }
}
