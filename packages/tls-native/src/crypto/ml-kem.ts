import type { MlKem } from '@org/tls-crypto';
import { badShare, mlKems, type Kem } from '@org/tls-crypto/provider-rules';
import { MlKemNumber } from '../border/crypto-addon.ts';
import { addon } from './library.ts';
import { ready, take } from './scratch.ts';

const sharedSecretLength = 32;
const none = new Uint8Array(0);

/** ML-KEM (FIPS 203) by OpenSSL, from 3.5 on. */
export function nativeMlKem(parameterSet: MlKem): Kem {
  const { publicKeyLength, ciphertextLength } = mlKems[parameterSet];
  const number = MlKemNumber[parameterSet];
  return {
    generate(seed) {
      const key = addon.generateMlKemKey(number, seed === undefined ? undefined : ready(seed));
      return {
        publicKey: take(publicKeyLength),
        decapsulate(ciphertext) {
          if (!addon.decapsulate(key, ready(ciphertext)))
            throw badShare(`ML-KEM: expected ${ciphertextLength} bytes, got ${ciphertext.length}`);
          return take(sharedSecretLength);
        },
      };
    },
    encapsulate(publicKey, message = none) {
      const readyKey = ready(publicKey);
      // OpenSSL checks that the coefficients of the key are below the modulus (FIPS 203 §7.2).
      if (!addon.encapsulate(number, readyKey, ready(message, readyKey)))
        throw badShare('ML-KEM: the peer’s encapsulation key is none');
      const both = take(ciphertextLength + sharedSecretLength);
      const sharedSecret = both.slice(ciphertextLength);
      both.fill(0, ciphertextLength);
      return { ciphertext: both.subarray(0, ciphertextLength), sharedSecret };
    },
  };
}
