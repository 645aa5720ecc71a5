import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** CompressedCertificate (RFC 8879 §4). */
export interface CompressedCertificate {
  readonly algorithm: number;
  readonly uncompressedLength: number;
  readonly compressed: Uint8Array;
}

export function decodeCompressedCertificate(body: Uint8Array): CompressedCertificate {
  return decodeAll(body, 'CompressedCertificate', (reader) => ({
    algorithm: reader.uint16(),
    uncompressedLength: reader.uint24(),
    compressed: reader.vector24(1),
  }));
}

export function encodeCompressedCertificate({
  algorithm,
  uncompressedLength,
  compressed,
}: CompressedCertificate): Uint8Array {
  return encodeHandshake(
    HandshakeType.compressedCertificate,
    (body) => {
      body.uint16(algorithm).uint24(uncompressedLength);
      body.vector24(() => body.bytes(compressed));
    },
    compressed.length + 12,
  );
}
