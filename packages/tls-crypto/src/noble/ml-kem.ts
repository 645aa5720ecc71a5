import { ml_kem1024, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { badShare, type Kem } from '../provider-rules/kem.ts';
import type { MlKem } from '../key-exchange.ts';

type NobleKem = typeof ml_kem768;

/** ML-KEM (FIPS 203) by noble, for each parameter set. */
export const nobleMlKem: Readonly<Record<MlKem, Kem>> = {
  'ml-kem-768': kemOf(ml_kem768),
  'ml-kem-1024': kemOf(ml_kem1024),
};

function kemOf(kem: NobleKem): Kem {
  return {
    generate(seed) {
      const { publicKey, secretKey } = seed === undefined ? kem.keygen() : kem.keygen(seed);
      return {
        publicKey,
        decapsulate: (ciphertext) => orBadShare('ciphertext', () => kem.decapsulate(ciphertext, secretKey)),
      };
    },
    // noble checks that the coefficients of the key are below the modulus (FIPS 203 §7.2).
    encapsulate: (publicKey, message) =>
      orBadShare('encapsulation key', () => {
        const { cipherText, sharedSecret } =
          message === undefined ? kem.encapsulate(publicKey) : kem.encapsulate(publicKey, message);
        return { ciphertext: cipherText, sharedSecret };
      }),
  };
}

function orBadShare<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw badShare(`ML-KEM: the peer’s ${what} is none`, cause);
  }
}
