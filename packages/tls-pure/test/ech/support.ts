import { isTlsError, type TlsError } from '@org/tls-core';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { CryptoProvider } from '@org/tls-crypto';

export const providers: readonly (readonly [string, CryptoProvider])[] = [
  ['node', nodeCrypto],
  ['noble', nobleCrypto],
];

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The TlsError that a Promise rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<TlsError> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    if (isTlsError(error)) return error;
    throw new Error('expected a TlsError, got another error', { cause: error });
  }
  throw new Error(`expected a TlsError, got ${String(result)}`);
}

/** Fills buffers with 1, 2, 3 and so on. */
export function counter(): (into: Uint8Array) => void {
  let next = 0;
  return (into) => {
    for (let index = 0; index < into.length; index += 1) into[index] = next += 1;
  };
}
