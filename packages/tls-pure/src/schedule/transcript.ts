import { concatBytes } from '@org/tls-core/backend';
import type { CryptoProvider, HashAlgorithm, IncrementalHash } from '@org/tls-crypto';
import { HandshakeType } from '../wire/handshake-message.ts';

/** The hash over all handshake messages (RFC 8446 §4.4.1). Keeps the messages until the hash function is known. */
export class Transcript {
  readonly #crypto: CryptoProvider;
  #early: Uint8Array[] = [];
  #hash: IncrementalHash | undefined;
  /** All messages, while TLS 1.2 may need them. */
  #kept: Uint8Array[] | undefined;

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto;
  }

  /** @param message header and body; must not change afterwards until `begin` was called */
  add(message: Uint8Array): void {
    this.#kept?.push(message);
    if (this.#hash === undefined) this.#early.push(message);
    else this.#hash.update(message);
  }

  /** The cipher suite is known now. Idempotent. */
  begin(algorithm: HashAlgorithm): void {
    if (this.#hash !== undefined) return;
    this.#hash = this.#crypto.createHash(algorithm);
    for (const message of this.#early) this.#hash.update(message);
    this.#early = [];
  }

  /** A HelloRetryRequest follows: ClientHello1 becomes a `message_hash` message (RFC 8446 §4.4.1). */
  replaceWithMessageHash(algorithm: HashAlgorithm): void {
    const digest = this.#crypto.hash(algorithm, concatBytes(this.#early));
    const header = Uint8Array.of(HandshakeType.messageHash, 0, 0, digest.length);
    this.#early = [concatBytes([header, digest])];
    this.begin(algorithm);
  }

  /** Keeps all messages from here on: TLS 1.2 signs them as they are, with the scheme's own hash (RFC 5246 §7.4.8). Before `begin`. */
  keepMessages(): void {
    this.#kept = [...this.#early];
  }

  /** All messages; none is kept any more. */
  takeMessages(): Uint8Array {
    const messages = concatBytes(this.#kept ?? []);
    this.#kept = undefined;
    return messages;
  }

  /**
   * Transcript-Hash of all messages so far and of `extra`, which does not become part of it: a truncated ClientHello
   * (RFC 8446 §4.2.11.2), or a message with a part blanked.
   */
  hashWith(algorithm: HashAlgorithm, extra: Uint8Array): Uint8Array {
    if (this.#hash === undefined) return this.#crypto.hash(algorithm, concatBytes([...this.#early, extra]));
    return this.#hash.snapshot(extra);
  }

  /** Transcript-Hash of all messages so far. Needs `begin`. */
  hash(): Uint8Array {
    if (this.#hash === undefined) throw new Error('the transcript has no hash function yet');
    return this.#hash.snapshot();
  }
}
