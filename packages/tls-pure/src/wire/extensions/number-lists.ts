import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** `supported_groups` (RFC 8446 §4.2.7). */
export function encodeSupportedGroups(groups: readonly number[]): Extension {
  return { type: ExtensionType.supportedGroups, body: encodeList(groups) };
}

export function decodeSupportedGroups(body: Uint8Array): Uint16Array {
  return decodeList(body, 'supported_groups');
}

/** `signature_algorithms` (RFC 8446 §4.2.3). */
export function encodeSignatureAlgorithms(schemes: readonly number[]): Extension {
  return { type: ExtensionType.signatureAlgorithms, body: encodeList(schemes) };
}

export function decodeSignatureAlgorithms(body: Uint8Array): Uint16Array {
  return decodeList(body, 'signature_algorithms');
}

function encodeList(numbers: readonly number[]): Uint8Array {
  return new Writer(2 + 2 * numbers.length)
    .vector16((list) => {
      for (const number of numbers) list.uint16(number);
    })
    .finish();
}

function decodeList(body: Uint8Array, what: string): Uint16Array {
  return decodeAll(body, what, (reader) => reader.numbers16(2));
}
