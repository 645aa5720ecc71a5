import { isPromiseLike } from '@org/tls-core/backend';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { CryptoProvider } from '@org/tls-crypto';

/** The node provider with its signature checks counted and their results changed. */
export function countingCrypto(answer: (isValid: boolean) => boolean | Promise<boolean>): {
  readonly crypto: CryptoProvider;
  readonly count: () => number;
} {
  let signatures = 0;
  const crypto: CryptoProvider = {
    ...nodeCrypto,
    importPublicKey: (info) => {
      const key = nodeCrypto.importPublicKey(info);
      return {
        info,
        verify: (algorithm, input, signature) => {
          signatures += 1;
          const isValid = key.verify(algorithm, input, signature);
          if (isPromiseLike(isValid)) throw new Error('expected a synchronous provider');
          return answer(isValid);
        },
      };
    },
  };
  return { crypto, count: () => signatures };
}
