import type { CryptoProvider } from '@org/tls-crypto';
import type { Extension } from '../wire/extension.ts';

/** What a client's handshake asks about Encrypted Client Hello (RFC 9849). A client that is put together without it has none of its code. */
export interface EchAnswers {
  /** Makes a decoy (§6.2). */
  decoy(crypto: CryptoProvider): Extension;
  /** @throws TlsError `ERR_TLS_DECODE` when what a HelloRetryRequest answers to a decoy is malformed */
  checkAnswerToDecoy(body: Uint8Array): void;
  /**
   * Reads the ECHConfigList of EncryptedExtensions.
   * @returns a copy
   * @throws TlsError `ERR_TLS_DECODE` when it is malformed
   */
  readRetryConfigs(body: Uint8Array): Uint8Array;
}
