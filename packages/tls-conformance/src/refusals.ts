import { AlertDescription, type TlsErrorCode } from '@org/tls-core';

/** How a side that was sent something wrong ends the handshake: the code of its error, and the alert to its peer. */
export interface Refusal {
  readonly code: TlsErrorCode;
  readonly alert: AlertDescription;
}

/** The refusals of RFC 8446 §6.2, by the names of their alerts. */
export const refusals = {
  unexpectedMessage: { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: AlertDescription.unexpectedMessage },
  badRecordMac: { code: 'ERR_TLS_BAD_RECORD_MAC', alert: AlertDescription.badRecordMac },
  handshakeFailure: { code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: AlertDescription.handshakeFailure },
  badCertificate: { code: 'ERR_TLS_CERTIFICATE_BAD', alert: AlertDescription.badCertificate },
  unsupportedCertificate: { code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', alert: AlertDescription.unsupportedCertificate },
  illegalParameter: { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.illegalParameter },
  /** For an illegal parameter, RFC 5746 §3.4 and §3.6 and RFC 7627 §5.3 name another alert. */
  illegalByHandshakeFailure: { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.handshakeFailure },
  decodeError: { code: 'ERR_TLS_DECODE', alert: AlertDescription.decodeError },
  decryptError: { code: 'ERR_TLS_DECRYPT', alert: AlertDescription.decryptError },
  protocolVersion: { code: 'ERR_TLS_PROTOCOL_VERSION', alert: AlertDescription.protocolVersion },
  missingExtension: { code: 'ERR_TLS_MISSING_EXTENSION', alert: AlertDescription.missingExtension },
  unsupportedExtension: { code: 'ERR_TLS_UNSUPPORTED_EXTENSION', alert: AlertDescription.unsupportedExtension },
  noApplicationProtocol: { code: 'ERR_TLS_NO_APPLICATION_PROTOCOL', alert: AlertDescription.noApplicationProtocol },
  /** The peer's random shows that somebody removed the better version (RFC 8446 §4.1.3). */
  downgrade: { code: 'ERR_TLS_DOWNGRADE', alert: AlertDescription.illegalParameter },
  /** The peer sends more than we are willing to hold. */
  limit: { code: 'ERR_TLS_LIMIT', alert: AlertDescription.unexpectedMessage },
} as const satisfies Readonly<Record<string, Refusal>>;
