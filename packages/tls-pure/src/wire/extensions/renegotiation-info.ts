import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '@org/tls-core/backend';

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV: in a ClientHello's suites it stands for an empty `renegotiation_info` (RFC 5746 §3.3). */
export const emptyRenegotiationInfoScsv = 0x00ff;

/** `renegotiation_info` of either hello of a connection's first handshake (RFC 5746 §3.2). */
export const initialRenegotiationInfo: Extension = {
  type: ExtensionType.renegotiationInfo,
  body: Uint8Array.of(0),
};

/**
 * Checks the peer's `renegotiation_info` in a connection's first handshake; there is no other here.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when `renegotiated_connection` is not empty (RFC 5746 §3.4, §3.6)
 */
export function decodeInitialRenegotiationInfo(body: Uint8Array): void {
  const renegotiatedConnection = decodeAll(body, 'renegotiation_info', (reader) => reader.vector8());
  if (renegotiatedConnection.length !== 0) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      `renegotiation_info: expected none of an earlier handshake, got ${renegotiatedConnection.length} bytes`,
      { section: 'RFC 5746 §3.4' },
    );
  }
}
