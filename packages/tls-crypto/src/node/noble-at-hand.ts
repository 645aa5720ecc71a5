import { createNobleAead } from '../noble/aead.ts';
import { nobleKeyExchange } from '../noble/key-exchange.ts';
import { importMlDsaPrivateKey, verifyMlDsa } from '../noble/ml-dsa.ts';
import { nobleMlKem } from '../noble/ml-kem.ts';
import { importNoblePrivateKey, importNoblePublicKey } from '../noble/signatures.ts';
import type { NobleParts } from './noble-parts.ts';

/** Noble as an import has it: for bundlers, which put it into their files, and wherever a file cannot be loaded at once. */
export const noble: NobleParts = {
  aead: () => ({ createNobleAead }),
  keyExchange: () => ({ nobleKeyExchange }),
  mlDsa: () => ({ importMlDsaPrivateKey, verifyMlDsa }),
  mlKem: () => ({ nobleMlKem }),
  signatures: () => ({ importNoblePrivateKey, importNoblePublicKey }),
};
