import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** Protocol versions as on the wire. */
export const WireVersion = { tls10: 0x0301, tls12: 0x0303, tls13: 0x0304 } as const;

/** `supported_versions` of a ClientHello (RFC 8446 §4.2.1). */
export function encodeSupportedVersions(versions: readonly number[]): Extension {
  const body = new Writer(1 + 2 * versions.length)
    .vector8((list) => {
      for (const version of versions) list.uint16(version);
    })
    .finish();
  return { type: ExtensionType.supportedVersions, body };
}

export function decodeSupportedVersions(body: Uint8Array): Uint16Array {
  return decodeAll(body, 'supported_versions', (reader) => reader.numbers8(2));
}

/** `supported_versions` of a ServerHello or HelloRetryRequest: the one that was chosen. */
export function encodeSelectedVersion(version: number): Extension {
  return { type: ExtensionType.supportedVersions, body: new Writer(2).uint16(version).finish() };
}

export function decodeSelectedVersion(body: Uint8Array): number {
  return decodeAll(body, 'supported_versions', (reader) => reader.uint16());
}
