import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** HelloRequest, which is empty, and never part of the transcript (RFC 5246 §7.4.1.1). */
export function decodeHelloRequest(body: Uint8Array): void {
  decodeAll(body, 'HelloRequest', () => undefined);
}

export function encodeHelloRequest(): Uint8Array {
  return encodeHandshake(HandshakeType.helloRequest, () => undefined, 4);
}
