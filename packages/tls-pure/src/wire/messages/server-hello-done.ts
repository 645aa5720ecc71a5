import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** ServerHelloDone, which is empty (RFC 5246 §7.4.5). */
export function decodeServerHelloDone(body: Uint8Array): void {
  decodeAll(body, 'ServerHelloDone', () => undefined);
}

export function encodeServerHelloDone(): Uint8Array {
  return encodeHandshake(HandshakeType.serverHelloDone, () => undefined, 4);
}
