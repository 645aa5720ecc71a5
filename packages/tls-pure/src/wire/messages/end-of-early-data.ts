import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** EndOfEarlyData (RFC 8446 §4.5), which is empty. */
export function encodeEndOfEarlyData(): Uint8Array {
  return encodeHandshake(HandshakeType.endOfEarlyData, () => undefined);
}

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty */
export function decodeEndOfEarlyData(body: Uint8Array): void {
  decodeAll(body, 'EndOfEarlyData', () => undefined);
}
