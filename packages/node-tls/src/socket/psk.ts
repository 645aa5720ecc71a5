import type { ExternalPsk } from '@org/tls-core';
import { codedError } from '../coded-error.ts';
import { carry } from './program-error.ts';
import type { ClientPskCallback, ServerPskCallback } from './socket-options.ts';

/**
 * Asks a client's `pskCallback` for its key, which is then one of TLS 1.3 (RFC 8446 §4.2.11). Suites of TLS 1.2 with a pre-shared key are
 * not spoken, so that there is never a hint.
 * @returns `undefined` where the program has none
 * @throws TlsError whose cause is Node's error on an answer that is none
 */
export function clientPsk(callback: ClientPskCallback, socket: unknown): ExternalPsk | undefined {
  const answer = Reflect.apply(callback, socket, [null]);
  if (answer === null || answer === undefined) return undefined;
  const { psk, identity } = answer;
  if (!ArrayBuffer.isView(psk)) throw invalid('psk', 'an instance of Buffer, TypedArray, or DataView');
  if (typeof identity !== 'string') throw invalid('identity', 'of type string');
  return {
    identity: Buffer.from(identity),
    key: new Uint8Array(psk.buffer, psk.byteOffset, psk.byteLength),
  };
}

/**
 * Asks a server's `pskCallback` for the key of an identity.
 * @returns `undefined` where the program knows none
 * @throws TlsError whose cause is Node's error on an answer that is none
 */
export function serverPsk(callback: ServerPskCallback, socket: unknown, identity: Uint8Array): ExternalPsk | undefined {
  const answer = Reflect.apply(callback, socket, [socket, Buffer.from(identity).toString()]) as unknown;
  if (answer === null || answer === undefined) return undefined;
  const psk: unknown = ArrayBuffer.isView(answer) ? answer : (answer as { readonly psk?: unknown }).psk;
  if (!ArrayBuffer.isView(psk)) throw invalid('psk', 'an instance of Buffer, TypedArray, or DataView');
  return { identity, key: new Uint8Array(psk.buffer, psk.byteOffset, psk.byteLength) };
}

function invalid(name: string, expected: string): Error {
  return carry(
    codedError('ERR_INVALID_ARG_TYPE', `The "${name}" argument must be ${expected}.`, TypeError),
    'ERR_TLS_HOOK',
  );
}
