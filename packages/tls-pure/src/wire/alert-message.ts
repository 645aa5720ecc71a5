import { TlsError } from '@org/tls-core';

/**
 * The description of an alert; its level says nothing (RFC 8446 §6).
 * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on an empty record (§5.4), `ERR_TLS_DECODE` unless it is one whole alert (§5.1)
 */
export function decodeAlert(fragment: Uint8Array): number {
  if (fragment.length === 0) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'an alert record without content');
  const [, description] = fragment;
  if (fragment.length !== 2 || description === undefined) {
    throw new TlsError('ERR_TLS_DECODE', `alert: expected 2 bytes, got ${fragment.length}`);
  }
  return description;
}
