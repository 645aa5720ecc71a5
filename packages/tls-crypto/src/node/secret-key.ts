import { createSecretKey, type KeyObject } from 'node:crypto';

/**
 * Whether keys are given to Node as KeyObjects, which is faster since Node 24: there, bytes take 10 µs longer each time they are used.
 * Before, making the KeyObject takes longer.
 */
const wantsKeyObject = Number.parseInt(process.versions.node, 10) >= 24;

export function secretKey(key: Uint8Array): KeyObject | Uint8Array {
  return wantsKeyObject ? createSecretKey(key) : key;
}
