import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../extension.ts';
import { hasTwice } from '../number-set.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** `compress_certificate`: the algorithms that its sender can decompress (RFC 8879 §3). */
export function encodeCompressCertificate(algorithms: readonly number[]): Extension {
  const body = new Writer(1 + 2 * algorithms.length)
    .vector8((list) => {
      for (const algorithm of algorithms) list.uint16(algorithm);
    })
    .finish();
  return { type: ExtensionType.compressCertificate, body };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when an algorithm stands twice */
export function decodeCompressCertificate(body: Uint8Array): Uint16Array {
  const algorithms = decodeAll(body, 'compress_certificate', (reader) => reader.numbers8(2));
  if (hasTwice(algorithms))
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'compress_certificate: an algorithm stands twice');
  return algorithms;
}
