import { createRequire } from 'node:module';
import type { NobleParts } from './noble-parts.ts';

const require = createRequire(import.meta.url);

/**
 * Noble for Node, which loads a file when it is needed, at once: a Node whose OpenSSL has everything never reads it. The files are entries
 * of this package. `require` keeps what it has loaded, and gives an import of the same file the same module.
 */
export const noble: NobleParts = {
  aead: () => require('../noble/aead.js') as ReturnType<NobleParts['aead']>,
  keyExchange: () => require('../noble/key-exchange.js') as ReturnType<NobleParts['keyExchange']>,
  mlDsa: () => require('../noble/ml-dsa.js') as ReturnType<NobleParts['mlDsa']>,
  mlKem: () => require('../noble/ml-kem.js') as ReturnType<NobleParts['mlKem']>,
  signatures: () => require('../noble/signatures.js') as ReturnType<NobleParts['signatures']>,
};
