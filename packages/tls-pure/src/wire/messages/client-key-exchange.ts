import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/**
 * ClientKeyExchange with ECDHE: `ClientECDiffieHellmanPublic`, explicit (RFC 8422 §5.7).
 * @returns the client's public key, 1 to 255 bytes
 */
export function decodeClientKeyExchange(body: Uint8Array): Uint8Array {
  return decodeAll(body, 'ClientKeyExchange', (reader) => reader.vector8(1));
}

export function encodeClientKeyExchange(publicKey: Uint8Array): Uint8Array {
  return encodeHandshake(HandshakeType.clientKeyExchange, (body) => {
    body.vector8(() => body.bytes(publicKey));
  });
}
