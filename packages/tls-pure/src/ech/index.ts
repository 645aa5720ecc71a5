import { defaultCrypto } from '@org/tls-crypto';
import type { CryptoProvider } from '@org/tls-crypto';
import { generateEchKey as generate, type EchKeyOptions, type GeneratedEchKey } from './keys.ts';

export type { EchKeyOptions, GeneratedEchKey } from './keys.ts';

/**
 * Makes a key for a server's `echKeys`, and the ECHConfigList that its clients need (RFC 9849 §4): X25519, HKDF-SHA256 and three AEADs.
 * @throws TlsError `ERR_TLS_CONFIG` on a bad option
 */
export function generateEchKey(options: EchKeyOptions, crypto: CryptoProvider = defaultCrypto): GeneratedEchKey {
  return generate(crypto, options);
}
