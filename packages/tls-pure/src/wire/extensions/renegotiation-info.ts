import { TlsError } from '@org/tls-core';
import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV: in a ClientHello's suites it stands for an empty `renegotiation_info` (RFC 5746 §3.3). */
const emptyRenegotiationInfoScsv = 0x00ff;

/** Binds a renegotiation, which is never done here, to the connection (RFC 5746). */
export const renegotiationInfo = {
  type: ExtensionType.renegotiationInfo,
  name: 'renegotiation_info',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: [],
  signallingSuite: emptyRenegotiationInfoScsv,
  offer: () => initialRenegotiationInfo,
  readOffer: decodeInitialRenegotiationInfo,
  answer: () => initialRenegotiationInfo,
  readAnswer: decodeInitialRenegotiationInfo,

  /** RFC 5746 §3.4: a server that does not know the extension may renegotiate as it was done before, which is not bound to the connection. */
  readAbsence({
    settings,
  }: {
    readonly settings: { readonly config: { readonly requireSecureRenegotiation: boolean } };
  }): undefined {
    if (!settings.config.requireSecureRenegotiation) return undefined;
    throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'ServerHello: no renegotiation_info (RFC 5746 §3.4)');
  },
} as const satisfies ExtensionDefinition<true>;

/** `renegotiation_info` of either hello of a connection's first handshake (RFC 5746 §3.2). */
export const initialRenegotiationInfo: Extension = {
  type: ExtensionType.renegotiationInfo,
  body: Uint8Array.of(0),
};

/**
 * Checks the peer's `renegotiation_info` in a connection's first handshake; there is no other here.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when `renegotiated_connection` is not empty (RFC 5746 §3.4, §3.6)
 */
export function decodeInitialRenegotiationInfo(body: Uint8Array): true {
  const renegotiatedConnection = decodeAll(body, 'renegotiation_info', (reader) => reader.vector8());
  if (renegotiatedConnection.length === 0) return true;
  throw new TlsError(
    'ERR_TLS_ILLEGAL_PARAMETER',
    `renegotiation_info: expected none of an earlier handshake, got ${renegotiatedConnection.length} bytes`,
    { section: 'RFC 5746 §3.4' },
  );
}
