import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** How points of elliptic curves are written (RFC 8422 §5.1.2). */
export const ecPointFormats = {
  type: ExtensionType.ecPointFormats,
  name: 'ec_point_formats',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: [],
  offer: () => uncompressedPointFormats,
  readOffer: decodeEcPointFormats,
  answer: () => uncompressedPointFormats,
  readAnswer: decodeEcPointFormats,
} as const satisfies ExtensionDefinition<true>;

/** `ECPointFormat.uncompressed`, the only one that is left (RFC 8422 §5.1.2). */
const uncompressed = 0;

/** `ec_point_formats` of either hello. */
export const uncompressedPointFormats: Extension = {
  type: ExtensionType.ecPointFormats,
  body: Uint8Array.of(1, uncompressed),
};

/**
 * Checks the peer's `ec_point_formats`.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the uncompressed format is not among them (RFC 8422 §5.1.2)
 */
export function decodeEcPointFormats(body: Uint8Array): true {
  const formats = decodeAll(body, 'ec_point_formats', (reader) => reader.vector8(1));
  if (formats.includes(uncompressed)) return true;
  throw illegalParameter('ec_point_formats: the uncompressed format is missing');
}
