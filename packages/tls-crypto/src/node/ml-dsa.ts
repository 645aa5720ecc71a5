import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/**
 * Tells whether node:crypto signs and verifies with ML-DSA (FIPS 204), as Node does from 24.6 on. Some versions before take the keys, since
 * their OpenSSL knows them, but cannot use them. Therefore one key is tried, once.
 */
export function hasNodeMlDsa(): boolean {
  known ??= tryIt();
  return known;
}

let known: boolean | undefined;

function tryIt(): boolean {
  const message = new Uint8Array(1);
  try {
    const privateKey = createPrivateKey({ key: zeroKey, format: 'der', type: 'pkcs8' });
    return verify(null, message, createPublicKey(privateKey), sign(null, message, privateKey));
  } catch {
    return false;
  }
}

/** A PrivateKeyInfo of ML-DSA-44 whose seed is all zeros (RFC 9881 §6). */
const zeroKey = Buffer.from(`3034020100300b060960864801650304031104228020${'00'.repeat(32)}`, 'hex');
