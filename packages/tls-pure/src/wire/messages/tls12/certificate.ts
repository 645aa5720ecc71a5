import { encodeHandshake, HandshakeType } from '../../handshake-message.ts';
import { decodeAll } from '../../reader.ts';

/**
 * Certificate of TLS 1.2 (RFC 5246 §7.4.2, §7.4.6).
 * @returns DER, the sender's own certificate first; empty from a client that has none
 */
export function decodeTls12Certificate(body: Uint8Array): readonly Uint8Array[] {
  return decodeAll(body, 'Certificate', (reader) => reader.list24(0, (each) => each.vector24(1)));
}

export function encodeTls12Certificate(chain: readonly Uint8Array[]): Uint8Array {
  return encodeHandshake(
    HandshakeType.certificate,
    (body) => {
      body.vector24(() => {
        for (const certificate of chain) body.vector24(() => body.bytes(certificate));
      });
    },
    chain.reduce((sum, certificate) => sum + certificate.length + 3, 7),
  );
}
