import { writeExtensions, type Extension, type Extensions } from '../extension.ts';
import { readExtensions } from '../extension-places.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** EncryptedExtensions (RFC 8446 §4.3.1). */
export function decodeEncryptedExtensions(body: Uint8Array): Extensions {
  return decodeAll(body, 'EncryptedExtensions', (reader) => readExtensions(reader, 'EncryptedExtensions'));
}

export function encodeEncryptedExtensions(extensions: readonly Extension[]): Uint8Array {
  return encodeHandshake(HandshakeType.encryptedExtensions, (body) => writeExtensions(body, extensions));
}
