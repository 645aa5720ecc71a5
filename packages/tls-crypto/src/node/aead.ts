import { createCipheriv, createDecipheriv, getCiphers, type CipherGCM, type KeyObject } from 'node:crypto';
import { copyBytes } from '@org/tls-core/backend';
import { aeadTagLength, type Aead, type AeadAlgorithm } from '../provider.ts';
import { noble } from '#noble';
import { secretKey } from './secret-key.ts';

/**
 * An AEAD by node:crypto, or by noble where the runtime's has no such cipher. It makes a cipher object for each record, which takes most of
 * its time.
 */
export function createNodeAead(algorithm: AeadAlgorithm, key: Uint8Array): Aead {
  if (!hasNodeCipher(algorithm)) return noble.aead().createNobleAead(algorithm, key);
  // Node calls the cipher by our names for it. The type is narrowed to one, because Node's types have an overload for each family.
  return new NodeAead(algorithm as 'aes-128-gcm', secretKey(copyBytes(key)));
}

let nodeCiphers: ReadonlySet<string> | undefined;

/** Tells whether node:crypto has a cipher: Bun's has no ChaCha20-Poly1305. */
function hasNodeCipher(algorithm: AeadAlgorithm): boolean {
  nodeCiphers ??= new Set(getCiphers());
  return nodeCiphers.has(algorithm);
}

class NodeAead implements Aead {
  readonly #cipher: 'aes-128-gcm';
  readonly #key: KeyObject | Uint8Array;

  constructor(cipher: 'aes-128-gcm', key: KeyObject | Uint8Array) {
    this.#cipher = cipher;
    this.#key = key;
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    const cipher: CipherGCM = createCipheriv(this.#cipher, this.#key, nonce, tagOption);
    cipher.setAAD(additionalData);
    out.set(cipher.update(plaintext));
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean {
    const length = ciphertext.length - aeadTagLength;
    const decipher = createDecipheriv(this.#cipher, this.#key, nonce, tagOption);
    decipher.setAAD(additionalData);
    decipher.setAuthTag(ciphertext.subarray(length));
    const plaintext = decipher.update(ciphertext.subarray(0, length));
    try {
      decipher.final();
    } catch {
      return false;
    }
    out.set(plaintext);
    return true;
  }
}

const tagOption = { authTagLength: aeadTagLength } as const;
