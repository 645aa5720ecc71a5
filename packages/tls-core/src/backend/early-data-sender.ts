import type { ConnectionInfo } from '../connection-info.ts';
import { TlsError } from '../tls-error.ts';
import { copyBytes } from './bytes.ts';

/** What a session says of the early data that may be sent with it, and what its owner wants. */
export interface EarlyDataTerms {
  /** Bytes; the session's `max_early_data_size`. */
  readonly maxLength: number;
  /** The protocol of the session, under which early data is sent. */
  readonly alpnProtocol: string | undefined;
  /** Whether the engine sends again what the server rejects. */
  readonly isSentAgain: boolean;
}

/** Counts a client's early data, and keeps it where it may have to be sent again (RFC 8446 §4.2.10). */
export class EarlyDataSender {
  readonly #terms: EarlyDataTerms;
  #left: number;
  #isUsed = false;
  #kept: Uint8Array[] = [];

  constructor(terms: EarlyDataTerms) {
    this.#terms = terms;
    this.#left = terms.maxLength;
  }

  /** Whether more may be sent early. */
  get isOpen(): boolean {
    return this.#left > 0;
  }

  /** Whether anything was sent early. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** The server has answered: what is sent from here on waits for the handshake. */
  end(): void {
    this.#left = 0;
  }

  /** @returns how much of `plaintext` goes out now. Nothing does behind a part that has to wait. */
  take(plaintext: Uint8Array): number {
    const length = Math.min(plaintext.length, this.#left);
    if (length === 0) return 0;
    this.#isUsed = true;
    this.#left = length < plaintext.length ? 0 : this.#left - length;
    if (this.#terms.isSentAgain) this.#kept.push(copyBytes(plaintext.subarray(0, length)));
    return length;
  }

  /**
   * Gives what has to be sent again behind the handshake, and keeps it no longer.
   * @throws TlsError `ERR_TLS_NO_APPLICATION_PROTOCOL` where the server chose another protocol than the session's: what was meant for one
   * protocol must not be sent by itself under another (RFC 8446 §4.2.10)
   */
  takeRejected({ earlyData, alpnProtocol }: Pick<ConnectionInfo, 'earlyData' | 'alpnProtocol'>): readonly Uint8Array[] {
    const kept = this.#kept;
    this.clear();
    if (earlyData === 'accepted' || kept.length === 0) return [];
    const { alpnProtocol: meantFor } = this.#terms;
    if (alpnProtocol === meantFor) return kept;
    const [meant, chosen] = [meantFor, alpnProtocol].map((name) => name ?? 'none');
    throw new TlsError(
      'ERR_TLS_NO_APPLICATION_PROTOCOL',
      `the server rejected early data for the protocol ${meant}, and chose ${chosen}`,
    );
  }

  /** Keeps nothing any more, and lets nothing go out. */
  clear(): void {
    this.#left = 0;
    this.#kept = [];
  }
}
