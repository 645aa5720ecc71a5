import type { CryptoProvider } from '../provider.ts';
import { withWasm } from '../wasm/symmetric.ts';
import { plainNobleCrypto } from './plain.ts';

/** WebAssembly is faster than noble at every size. What does not fit into its memory is for noble. */
const unlimited = Number.POSITIVE_INFINITY;
const symmetric = withWasm(plainNobleCrypto, {
  hash: unlimited,
  hmac: unlimited,
  record: { 'aes-128-gcm': unlimited, 'aes-256-gcm': unlimited, 'chacha20-poly1305': unlimited },
});

/** Noble, with WebAssembly before its symmetric part. Providers that have neither from elsewhere begin with it. */
export const nobleWithWasm: CryptoProvider = { ...plainNobleCrypto, ...symmetric };
