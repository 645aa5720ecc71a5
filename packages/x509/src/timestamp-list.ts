import { ByteStringList, decodeAll } from '@org/tls-core/backend';

/**
 * Reads the members of a `SignedCertificateTimestampList`, as it stands in TLS and in certificates.
 * @throws TlsError `ERR_TLS_DECODE` when it, or one of its members, is empty or malformed (RFC 6962 §3.3)
 */
export function readTimestampList(list: Uint8Array): ByteStringList {
  const what = 'SignedCertificateTimestampList';
  return new ByteStringList(
    decodeAll(list, what, (reader) => reader.vector16(1)),
    2,
    1,
    what,
  );
}
