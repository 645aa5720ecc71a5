import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** `cookie` (RFC 8446 §4.2.2), which a client sends back as it came. */
export function encodeCookie(cookie: Uint8Array): Extension {
  return {
    type: ExtensionType.cookie,
    body: new Writer(2 + cookie.length).vector16((body) => body.bytes(cookie)).finish(),
  };
}

export function decodeCookie(body: Uint8Array): Uint8Array {
  return decodeAll(body, 'cookie', (reader) => reader.vector16(1));
}
