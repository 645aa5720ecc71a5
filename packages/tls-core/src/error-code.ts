import { AlertDescription } from './alert.ts';

/** Who is at fault; each code belongs to exactly one family. */
export type TlsErrorFamily =
  | 'decode'
  | 'peer-misbehaved'
  | 'peer-incompatible'
  | 'peer-alert'
  | 'certificate'
  | 'transport'
  | 'misuse'
  | 'backend';

interface CodeRow {
  readonly family: TlsErrorFamily;
  /** The alert that is sent to the peer; `undefined`: nothing is sent. */
  readonly alert: AlertDescription | undefined;
}

/** The one table from error code to family and alert (RFC 8446 §6.2). Nothing else decides which alert is sent. */
const codeTable = {
  // decode: the peer's bytes are not what the RFC's syntax allows
  ERR_TLS_DECODE: { family: 'decode', alert: AlertDescription.decodeError },
  ERR_TLS_RECORD_OVERFLOW: { family: 'decode', alert: AlertDescription.recordOverflow },
  // RFC 8446 §5: what has no record type that is defined is answered like any such record
  ERR_TLS_NOT_TLS: { family: 'decode', alert: AlertDescription.unexpectedMessage },
  // peer misbehaved: well-formed, and not allowed here
  ERR_TLS_UNEXPECTED_MESSAGE: { family: 'peer-misbehaved', alert: AlertDescription.unexpectedMessage },
  ERR_TLS_ILLEGAL_PARAMETER: { family: 'peer-misbehaved', alert: AlertDescription.illegalParameter },
  ERR_TLS_MISSING_EXTENSION: { family: 'peer-misbehaved', alert: AlertDescription.missingExtension },
  ERR_TLS_UNSUPPORTED_EXTENSION: { family: 'peer-misbehaved', alert: AlertDescription.unsupportedExtension },
  ERR_TLS_BAD_RECORD_MAC: { family: 'peer-misbehaved', alert: AlertDescription.badRecordMac },
  ERR_TLS_DECRYPT: { family: 'peer-misbehaved', alert: AlertDescription.decryptError },
  ERR_TLS_DOWNGRADE: { family: 'peer-misbehaved', alert: AlertDescription.illegalParameter },
  ERR_TLS_LIMIT: { family: 'peer-misbehaved', alert: AlertDescription.unexpectedMessage },
  // peer incompatible: nobody's fault, no common ground
  ERR_TLS_PROTOCOL_VERSION: { family: 'peer-incompatible', alert: AlertDescription.protocolVersion },
  ERR_TLS_NO_COMMON_PARAMETERS: { family: 'peer-incompatible', alert: AlertDescription.handshakeFailure },
  ERR_TLS_NO_APPLICATION_PROTOCOL: { family: 'peer-incompatible', alert: AlertDescription.noApplicationProtocol },
  ERR_TLS_UNRECOGNIZED_NAME: { family: 'peer-incompatible', alert: AlertDescription.unrecognizedName },
  ERR_TLS_UNKNOWN_PSK: { family: 'peer-incompatible', alert: AlertDescription.unknownPskIdentity },
  // the server could not open our Encrypted Client Hello; `retryConfigs` may help (RFC 9849 §6.1.6)
  ERR_TLS_ECH_REJECTED: { family: 'peer-incompatible', alert: AlertDescription.echRequired },
  ERR_TLS_NO_RENEGOTIATION: { family: 'peer-incompatible', alert: AlertDescription.noRenegotiation },
  ERR_TLS_INAPPROPRIATE_FALLBACK: { family: 'peer-incompatible', alert: AlertDescription.inappropriateFallback },
  // the peer sent a fatal alert; `alert` on the error is the one it sent
  ERR_TLS_ALERT: { family: 'peer-alert', alert: undefined },
  // certificate: the peer's chain is not acceptable
  ERR_TLS_CERTIFICATE_BAD: { family: 'certificate', alert: AlertDescription.badCertificate },
  ERR_TLS_CERTIFICATE_UNSUPPORTED: { family: 'certificate', alert: AlertDescription.unsupportedCertificate },
  ERR_TLS_CERTIFICATE_EXPIRED: { family: 'certificate', alert: AlertDescription.certificateExpired },
  ERR_TLS_CERTIFICATE_NOT_YET_VALID: { family: 'certificate', alert: AlertDescription.certificateExpired },
  ERR_TLS_CERTIFICATE_REVOKED: { family: 'certificate', alert: AlertDescription.certificateRevoked },
  ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER: { family: 'certificate', alert: AlertDescription.unknownCa },
  ERR_TLS_CERTIFICATE_SIGNATURE: { family: 'certificate', alert: AlertDescription.badCertificate },
  ERR_TLS_CERTIFICATE_NAME: { family: 'certificate', alert: AlertDescription.badCertificate },
  ERR_TLS_CERTIFICATE_PURPOSE: { family: 'certificate', alert: AlertDescription.unsupportedCertificate },
  ERR_TLS_CERTIFICATE_REQUIRED: { family: 'certificate', alert: AlertDescription.certificateRequired },
  ERR_TLS_CERTIFICATE_STATUS: { family: 'certificate', alert: AlertDescription.badCertificateStatusResponse },
  ERR_TLS_CERTIFICATE_REJECTED: { family: 'certificate', alert: AlertDescription.certificateUnknown },
  // transport: the connection below ended or stood still
  ERR_TLS_TRUNCATED: { family: 'transport', alert: undefined },
  ERR_TLS_TIMEOUT: { family: 'transport', alert: AlertDescription.userCanceled },
  ERR_TLS_TRANSPORT: { family: 'transport', alert: undefined },
  ERR_TLS_ABORTED: { family: 'transport', alert: AlertDescription.userCanceled },
  // misuse: the caller's fault
  ERR_TLS_API_MISUSE: { family: 'misuse', alert: AlertDescription.internalError },
  ERR_TLS_CONFIG: { family: 'misuse', alert: undefined },
  ERR_TLS_UNSUPPORTED: { family: 'misuse', alert: undefined },
  ERR_TLS_IDENTITY: { family: 'misuse', alert: AlertDescription.internalError },
  // backend: ours, or the platform's
  ERR_TLS_BACKEND_UNAVAILABLE: { family: 'backend', alert: undefined },
  ERR_TLS_BACKEND: { family: 'backend', alert: AlertDescription.internalError },
  ERR_TLS_HOOK: { family: 'backend', alert: AlertDescription.internalError },
} as const satisfies Readonly<Record<string, CodeRow>>;

/** Every code a `TlsError` can carry. */
export type TlsErrorCode = keyof typeof codeTable;

/** All codes, for exhaustive tables and tests. */
export const tlsErrorCodes = Object.keys(codeTable) as readonly TlsErrorCode[];

/** The alert that an error of this code sends to the peer; `undefined`: none. */
export function alertOf(code: TlsErrorCode): AlertDescription | undefined {
  return codeTable[code].alert;
}

/** Who is at fault for an error of this code. */
export function familyOf(code: TlsErrorCode): TlsErrorFamily {
  return codeTable[code].family;
}
