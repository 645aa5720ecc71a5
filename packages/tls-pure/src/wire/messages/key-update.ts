import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';
import { illegalParameter } from '../illegal-parameter.ts';

/**
 * KeyUpdate (RFC 8446 §4.6.3).
 * @returns whether the sender wants ours in return
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on any value but 0 and 1
 */
export function decodeKeyUpdate(body: Uint8Array): boolean {
  const requestUpdate = decodeAll(body, 'KeyUpdate', (reader) => reader.uint8());
  if (requestUpdate > 1) throw illegalParameter(`KeyUpdate: request_update is ${requestUpdate}`);
  return requestUpdate === 1;
}

export function encodeKeyUpdate(requestUpdate: boolean): Uint8Array {
  return encodeHandshake(HandshakeType.keyUpdate, (body) => body.uint8(requestUpdate ? 1 : 0));
}
