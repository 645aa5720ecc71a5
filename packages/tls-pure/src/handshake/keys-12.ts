import { checkExport, checkExtendedMainSecret } from '@org/tls-core/backend';
import type { CryptoProvider, CipherSuite12 } from '@org/tls-crypto';
import type { Protection } from '../record/protection.ts';
import { RecordProtection12 } from '../record/record-protection-12.ts';
import { exporter, extendedMainSecret, keyBlock, mainSecret, verifyData } from '../schedule/prf-12.ts';
import type { HelloRandoms } from '../wire/messages/hello-randoms.ts';
import type { ConnectionKeys } from './established.ts';
import type { HandshakeIo } from './handshake-io.ts';

/** One call of `exportKeyingMaterial` gives at most 255 times so many bytes, as with a hash of TLS 1.3. */
const exportHashLength = 32;

/** The main secret of a TLS 1.2 connection and what follows from it (RFC 5246 §6.3, §8.1), which it owns and wipes. */
export class Keys12 implements ConnectionKeys {
  readonly update = undefined;
  readonly mainSecret: Uint8Array;
  readonly #crypto: CryptoProvider;
  readonly #suite: CipherSuite12;
  readonly #randoms: HelloRandoms;
  readonly #isExtended: boolean;
  #protections: Record<'client' | 'server', Protection> | undefined;

  /**
   * @param secret the main secret, which becomes this object's
   * @param isExtended the secret is bound to the whole handshake (RFC 7627 §4)
   */
  constructor(
    crypto: CryptoProvider,
    suite: CipherSuite12,
    randoms: HelloRandoms,
    secret: Uint8Array,
    isExtended: boolean,
  ) {
    this.#isExtended = isExtended;
    this.#crypto = crypto;
    this.#suite = suite;
    this.#randoms = randoms;
    this.mainSecret = secret;
  }

  /** What a role seals its records with. There is one object for each role and connection, because it counts the records. */
  protectionOf(role: 'client' | 'server'): Protection {
    this.#protections ??= this.#deriveProtections();
    return this.#protections[role];
  }

  #deriveProtections(): Record<'client' | 'server', Protection> {
    const crypto = this.#crypto;
    const suite = this.#suite;
    const block = keyBlock(crypto, suite, this.mainSecret, this.#randoms);
    return {
      client: new RecordProtection12(crypto, suite, { key: block.clientWriteKey, iv: block.clientWriteIv }),
      server: new RecordProtection12(crypto, suite, { key: block.serverWriteKey, iv: block.serverWriteIv }),
    };
  }

  /** `verify_data` of a Finished (RFC 5246 §7.4.9). */
  verifyData(sender: 'client' | 'server', transcriptHash: Uint8Array): Uint8Array {
    return verifyData(this.#crypto, this.#suite.hash, this.mainSecret, sender, transcriptHash);
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    checkExport(label, length, exportHashLength);
    checkExtendedMainSecret(this.#isExtended);
    const source = { secret: this.mainSecret, randoms: this.#randoms };
    return exporter(this.#crypto, this.#suite.hash, source, { label, context, length });
  }

  wipe(): void {
    this.mainSecret.fill(0);
    this.#protections = undefined;
  }
}

/**
 * Makes the keys of a full handshake. The transcript ends with ClientKeyExchange.
 * @param preMainSecret is wiped here
 * @param isExtended the main secret is bound to the whole handshake (RFC 7627 §4)
 */
export function makeKeys12(
  io: HandshakeIo,
  suite: CipherSuite12,
  randoms: HelloRandoms,
  preMainSecret: Uint8Array,
  isExtended: boolean,
): Keys12 {
  const secret = isExtended
    ? extendedMainSecret(io.crypto, suite.hash, preMainSecret, io.transcript.hash())
    : mainSecret(io.crypto, suite.hash, preMainSecret, randoms);
  preMainSecret.fill(0);
  return startKeys12(io, suite, randoms, secret, isExtended);
}

/**
 * Makes and logs the keys of a main secret.
 * @param secret becomes the keys' own: the caller must not use it any more
 */
export function startKeys12(
  io: HandshakeIo,
  suite: CipherSuite12,
  randoms: HelloRandoms,
  secret: Uint8Array,
  isExtended: boolean,
): Keys12 {
  io.keyLog('CLIENT_RANDOM', randoms.client, secret);
  return new Keys12(io.crypto, suite, randoms, secret, isExtended);
}
