import { createPublicKey } from 'node:crypto';

/** Tells whether node:crypto takes keys that are for RSASSA-PSS alone (RFC 4055 §1.2): Bun's does not. One key is tried, once. */
export function hasNodePssKeys(): boolean {
  known ??= tryIt();
  return known;
}

let known: boolean | undefined;

function tryIt(): boolean {
  try {
    return createPublicKey({ key: smallKey, format: 'der', type: 'spki' }).asymmetricKeyType === 'rsa-pss';
  } catch {
    return false;
  }
}

/** A SubjectPublicKeyInfo with id-RSASSA-PSS, without parameters, and a modulus of 64 bits, which nothing is ever verified with. */
const smallKey = Buffer.from('3022300b06092a864886f70d01010a0313003010020900ffffffffffffffff0203010001', 'hex');
