import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** `early_data` of a ClientHello or EncryptedExtensions: empty (RFC 8446 §4.2.10). */
export const earlyDataIndication: Extension = { type: ExtensionType.earlyData, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty */
export function decodeEarlyDataIndication(body: Uint8Array): void {
  decodeAll(body, 'early_data', () => undefined);
}

/** Of a NewSessionTicket: `max_early_data_size`, in bytes. */
export function encodeMaxEarlyData(size: number): Extension {
  return { type: ExtensionType.earlyData, body: new Writer(4).uint32(size).finish() };
}

export function decodeMaxEarlyData(body: Uint8Array): number {
  return decodeAll(body, 'early_data', (reader) => reader.uint32());
}
