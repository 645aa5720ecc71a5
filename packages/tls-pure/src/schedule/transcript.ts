import { concatBytes } from '@org/tls-core/backend';
import type { CryptoProvider, HashAlgorithm, IncrementalHash } from '@org/tls-crypto';
import { HandshakeType } from '../wire/handshake-message.ts';

/** The hash over all handshake messages (RFC 8446 §4.4.1). Keeps the messages until the hash function is known. */
export class Transcript {
  readonly #crypto: CryptoProvider;
  /** Messages that were not hashed yet. */
  #waiting: Uint8Array[] = [];
  #hash: IncrementalHash | undefined;
  /** The hash of all messages so far, while none has come since. */
  #current: Uint8Array | undefined;
  /** All messages, while TLS 1.2 may need them. */
  #kept: Uint8Array[] | undefined;

  constructor(crypto: CryptoProvider) {
    this.#crypto = crypto;
  }

  /** @param message header and body; must not change afterwards until the hash was asked for */
  add(message: Uint8Array): void {
    this.#kept?.push(message);
    this.#waiting.push(message);
    this.#current = undefined;
  }

  /** The cipher suite is known now. Idempotent. */
  begin(algorithm: HashAlgorithm): void {
    if (this.#hash !== undefined) return;
    this.#hash = this.#crypto.createHash(algorithm);
  }

  /** A HelloRetryRequest follows: ClientHello1 becomes a `message_hash` message (RFC 8446 §4.4.1). */
  replaceWithMessageHash(algorithm: HashAlgorithm): void {
    const digest = this.#crypto.hash(algorithm, concatBytes(this.#waiting));
    const header = Uint8Array.of(HandshakeType.messageHash, 0, 0, digest.length);
    this.#waiting = [concatBytes([header, digest])];
    this.#current = undefined;
    this.begin(algorithm);
  }

  /** Keeps all messages from here on: TLS 1.2 signs them as they are, with the scheme's own hash (RFC 5246 §7.4.8). Before `begin`. */
  keepMessages(): void {
    this.#kept = [...this.#waiting];
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
    if (this.#hash === undefined) return this.#crypto.hash(algorithm, concatBytes([...this.#waiting, extra]));
    return this.#hashed(this.#hash).snapshot(extra);
  }

  /** Transcript-Hash of all messages so far, which must not be written to. Needs `begin`. */
  hash(): Uint8Array {
    if (this.#hash === undefined) throw new Error('the transcript has no hash function yet');
    this.#current ??= this.#hashed(this.#hash).snapshot();
    return this.#current;
  }

  /** Hashes what waits, at once: a call of the provider costs more than to join some messages. */
  #hashed(hash: IncrementalHash): IncrementalHash {
    if (this.#waiting.length > 0) hash.update(concatBytes(this.#waiting));
    this.#waiting = [];
    return hash;
  }
}
