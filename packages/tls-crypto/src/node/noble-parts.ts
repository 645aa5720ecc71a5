import type { createNobleAead } from '../noble/aead.ts';
import type { nobleKeyExchange } from '../noble/key-exchange.ts';
import type { importMlDsaPrivateKey, verifyMlDsa } from '../noble/ml-dsa.ts';
import type { nobleMlKem } from '../noble/ml-kem.ts';
import type { importNoblePrivateKey, importNoblePublicKey } from '../noble/signatures.ts';

/** What noble does in the place of a node:crypto that cannot. Each part is asked for when it is needed, and not before. */
export interface NobleParts {
  aead(): { readonly createNobleAead: typeof createNobleAead };
  keyExchange(): { readonly nobleKeyExchange: typeof nobleKeyExchange };
  mlDsa(): {
    readonly importMlDsaPrivateKey: typeof importMlDsaPrivateKey;
    readonly verifyMlDsa: typeof verifyMlDsa;
  };
  mlKem(): { readonly nobleMlKem: typeof nobleMlKem };
  signatures(): {
    readonly importNoblePrivateKey: typeof importNoblePrivateKey;
    readonly importNoblePublicKey: typeof importNoblePublicKey;
  };
}
