import { TlsError } from './tls-error.ts';
import { isUtf8 } from './utf8.ts';

/**
 * An ALPN protocol name as bytes.
 * @param protocol text is encoded as UTF-8; the registry's names are ASCII
 * @throws TlsError `ERR_TLS_CONFIG` when it is empty or longer than 255 bytes (RFC 7301 §3.1)
 */
export function encodeAlpnProtocol(protocol: string | Uint8Array): Uint8Array {
  const bytes = typeof protocol === 'string' ? new TextEncoder().encode(protocol) : protocol;
  if (bytes.length < 1 || bytes.length > 255) {
    throw new TlsError('ERR_TLS_CONFIG', `alpnProtocols: a protocol name has 1 to 255 bytes, got ${bytes.length}`, {
      option: 'alpnProtocols',
    });
  }
  return bytes;
}

/** An ALPN protocol name as text: UTF-8 where it is, else Latin-1, so that no two names look alike. */
export function decodeAlpnProtocol(bytes: Uint8Array): string {
  return isUtf8(bytes) ? utf8.decode(bytes) : String.fromCharCode(...bytes);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
