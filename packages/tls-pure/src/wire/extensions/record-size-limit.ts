import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

const minRecordSizeLimit = 64;

/** `record_size_limit` (RFC 8449 §4); in TLS 1.3 the content type's byte counts. */
export function encodeRecordSizeLimit(limit: number): Extension {
  return { type: ExtensionType.recordSizeLimit, body: new Writer(2).uint16(limit).finish() };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` below 64 (RFC 8449 §4) */
export function decodeRecordSizeLimit(body: Uint8Array): number {
  const limit = decodeAll(body, 'record_size_limit', (reader) => reader.uint16());
  if (limit < minRecordSizeLimit)
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', `record_size_limit: expected at least 64, got ${limit}`);
  return limit;
}
