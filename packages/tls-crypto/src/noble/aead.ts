import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { copyBytes } from '@org/tls-core/backend';
import type { Aead, AeadAlgorithm } from '../provider.ts';

/** An AEAD by noble. It keeps a copy of its key, and expands that anew for each record. */
export function createNobleAead(algorithm: AeadAlgorithm, key: Uint8Array): Aead {
  const cipher = algorithm === 'chacha20-poly1305' ? chacha20poly1305 : gcm;
  const ownKey = copyBytes(key);
  return {
    seal(nonce, additionalData, plaintext, out) {
      out.set(cipher(ownKey, nonce, additionalData).encrypt(plaintext));
    },
    open(nonce, additionalData, ciphertext, out) {
      try {
        out.set(cipher(ownKey, nonce, additionalData).decrypt(ciphertext));
        return true;
      } catch {
        return false; // noble throws on a wrong tag and on nothing else here, because all lengths were checked before
      }
    },
  };
}
