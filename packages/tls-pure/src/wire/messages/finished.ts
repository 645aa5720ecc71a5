import { encodeHandshake, HandshakeType } from '../handshake-message.ts';

/** Finished (RFC 8446 §4.4.4), whose body is `verify_data`. */
export function encodeFinished(verifyData: Uint8Array): Uint8Array {
  return encodeHandshake(HandshakeType.finished, (body) => body.bytes(verifyData));
}
