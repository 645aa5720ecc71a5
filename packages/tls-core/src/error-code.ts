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

/** Sections that want another alert for a fault than its code has. */
export type AlertSection = 'RFC 5246 §7.4.6' | 'RFC 5746 §3.4' | 'RFC 7627 §5.3';

interface CodeRow {
  readonly family: TlsErrorFamily;
  /** The alert that is sent to the peer; `undefined`: nothing is sent. */
  readonly alert: AlertDescription | undefined;
  /** The alerts of sections that want another one for the same fault. */
  readonly alertBySection?: Readonly<Partial<Record<AlertSection, AlertDescription>>>;
  /** What Node gives for the same fault, the most usual first. */
  readonly nodeCodes: readonly string[];
}

/** The one table from error code to family and alert (RFC 8446 §6.2). Nothing else decides which alert is sent. */
const codeTable = {
  // decode: the peer's bytes are not what the RFC's syntax allows
  ERR_TLS_DECODE: {
    family: 'decode',
    alert: AlertDescription.decodeError,
    nodeCodes: ['ERR_SSL_LENGTH_MISMATCH', 'ERR_SSL_BAD_EXTENSION', 'ERR_SSL_BAD_PACKET'],
  },
  ERR_TLS_RECORD_OVERFLOW: {
    family: 'decode',
    alert: AlertDescription.recordOverflow,
    nodeCodes: ['ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG', 'ERR_SSL_DATA_LENGTH_TOO_LONG', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
  },
  // RFC 8446 §5: what has no record type that is defined is answered like any such record
  ERR_TLS_NOT_TLS: {
    family: 'decode',
    alert: AlertDescription.unexpectedMessage,
    nodeCodes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'],
  },
  // peer misbehaved: well-formed, and not allowed here
  ERR_TLS_UNEXPECTED_MESSAGE: {
    family: 'peer-misbehaved',
    alert: AlertDescription.unexpectedMessage,
    nodeCodes: ['ERR_SSL_UNEXPECTED_MESSAGE', 'ERR_SSL_UNEXPECTED_RECORD'],
  },
  ERR_TLS_ILLEGAL_PARAMETER: {
    family: 'peer-misbehaved',
    alert: AlertDescription.illegalParameter,
    alertBySection: {
      // the first handshake's renegotiation_info speaks of an earlier one; §3.6 says the same of a ClientHello
      'RFC 5746 §3.4': AlertDescription.handshakeFailure,
      // extended_master_secret is not used as in the session that is resumed; §5.2 says which alert to abort with
      'RFC 7627 §5.3': AlertDescription.handshakeFailure,
    },
    nodeCodes: ['ERR_SSL_BAD_KEY_SHARE', 'ERR_SSL_WRONG_CIPHER_RETURNED', 'ERR_SSL_WRONG_CURVE'],
  },
  ERR_TLS_MISSING_EXTENSION: {
    family: 'peer-misbehaved',
    alert: AlertDescription.missingExtension,
    nodeCodes: ['ERR_SSL_MISSING_SIGALGS_EXTENSION', 'ERR_SSL_MISSING_SUPPORTED_GROUPS_EXTENSION'],
  },
  ERR_TLS_UNSUPPORTED_EXTENSION: {
    family: 'peer-misbehaved',
    alert: AlertDescription.unsupportedExtension,
    nodeCodes: ['ERR_SSL_UNSOLICITED_EXTENSION'],
  },
  ERR_TLS_BAD_RECORD_MAC: {
    family: 'peer-misbehaved',
    alert: AlertDescription.badRecordMac,
    nodeCodes: ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
  },
  ERR_TLS_DECRYPT: {
    family: 'peer-misbehaved',
    alert: AlertDescription.decryptError,
    nodeCodes: ['ERR_SSL_BAD_SIGNATURE', 'ERR_SSL_DIGEST_CHECK_FAILED', 'ERR_SSL_BINDER_DOES_NOT_VERIFY'],
  },
  ERR_TLS_DOWNGRADE: {
    family: 'peer-misbehaved',
    alert: AlertDescription.illegalParameter,
    nodeCodes: ['ERR_SSL_INAPPROPRIATE_FALLBACK'],
  },
  ERR_TLS_LIMIT: {
    family: 'peer-misbehaved',
    alert: AlertDescription.unexpectedMessage,
    nodeCodes: ['ERR_SSL_EXCESSIVE_MESSAGE_SIZE', 'ERR_SSL_TOO_MANY_KEY_UPDATES', 'ERR_SSL_TOO_MUCH_EARLY_DATA'],
  },
  // peer incompatible: nobody's fault, no common ground
  ERR_TLS_PROTOCOL_VERSION: {
    family: 'peer-incompatible',
    alert: AlertDescription.protocolVersion,
    nodeCodes: ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_WRONG_SSL_VERSION'],
  },
  ERR_TLS_NO_COMMON_PARAMETERS: {
    family: 'peer-incompatible',
    alert: AlertDescription.handshakeFailure,
    nodeCodes: [
      'ERR_SSL_NO_SHARED_CIPHER',
      'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM',
      'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
    ],
  },
  ERR_TLS_NO_APPLICATION_PROTOCOL: {
    family: 'peer-incompatible',
    alert: AlertDescription.noApplicationProtocol,
    nodeCodes: ['ERR_SSL_NO_APPLICATION_PROTOCOL'],
  },
  ERR_TLS_UNRECOGNIZED_NAME: {
    family: 'peer-incompatible',
    alert: AlertDescription.unrecognizedName,
    nodeCodes: ['ERR_SSL_CALLBACK_FAILED'],
  },
  ERR_TLS_UNKNOWN_PSK: {
    family: 'peer-incompatible',
    alert: AlertDescription.unknownPskIdentity,
    nodeCodes: ['ERR_SSL_PSK_IDENTITY_NOT_FOUND'],
  },
  // the server could not open our Encrypted Client Hello; `retryConfigs` may help (RFC 9849 §6.1.6)
  ERR_TLS_ECH_REJECTED: { family: 'peer-incompatible', alert: AlertDescription.echRequired, nodeCodes: [] },
  ERR_TLS_NO_RENEGOTIATION: {
    family: 'peer-incompatible',
    alert: AlertDescription.noRenegotiation,
    nodeCodes: ['ERR_SSL_NO_RENEGOTIATION'],
  },
  ERR_TLS_INAPPROPRIATE_FALLBACK: {
    family: 'peer-incompatible',
    alert: AlertDescription.inappropriateFallback,
    nodeCodes: ['ERR_SSL_INAPPROPRIATE_FALLBACK'],
  },
  // the peer sent a fatal alert; `alert` on the error is the one it sent
  ERR_TLS_ALERT: {
    family: 'peer-alert',
    alert: undefined,
    nodeCodes: ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
  },
  // certificate: the peer's chain is not acceptable
  ERR_TLS_CERTIFICATE_BAD: {
    family: 'certificate',
    alert: AlertDescription.badCertificate,
    nodeCodes: ['UNSPECIFIED', 'INVALID_CA', 'PATH_LENGTH_EXCEEDED', 'CERT_CHAIN_TOO_LONG'],
  },
  ERR_TLS_CERTIFICATE_UNSUPPORTED: {
    family: 'certificate',
    alert: AlertDescription.unsupportedCertificate,
    nodeCodes: ['UNSPECIFIED'],
  },
  ERR_TLS_CERTIFICATE_EXPIRED: {
    family: 'certificate',
    alert: AlertDescription.certificateExpired,
    nodeCodes: ['CERT_HAS_EXPIRED'],
  },
  ERR_TLS_CERTIFICATE_NOT_YET_VALID: {
    family: 'certificate',
    alert: AlertDescription.certificateExpired,
    nodeCodes: ['CERT_NOT_YET_VALID'],
  },
  ERR_TLS_CERTIFICATE_REVOKED: {
    family: 'certificate',
    alert: AlertDescription.certificateRevoked,
    nodeCodes: ['CERT_REVOKED'],
  },
  ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER: {
    family: 'certificate',
    alert: AlertDescription.unknownCa,
    nodeCodes: [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_GET_ISSUER_CERT',
      'CERT_UNTRUSTED',
    ],
  },
  ERR_TLS_CERTIFICATE_SIGNATURE: {
    family: 'certificate',
    alert: AlertDescription.badCertificate,
    nodeCodes: ['CERT_SIGNATURE_FAILURE'],
  },
  ERR_TLS_CERTIFICATE_NAME: {
    family: 'certificate',
    alert: AlertDescription.badCertificate,
    nodeCodes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
  },
  ERR_TLS_CERTIFICATE_PURPOSE: {
    family: 'certificate',
    alert: AlertDescription.unsupportedCertificate,
    nodeCodes: ['INVALID_PURPOSE'],
  },
  ERR_TLS_CERTIFICATE_REQUIRED: {
    family: 'certificate',
    alert: AlertDescription.certificateRequired,
    // TLS 1.2 does not have certificate_required
    alertBySection: { 'RFC 5246 §7.4.6': AlertDescription.handshakeFailure },
    nodeCodes: ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'],
  },
  ERR_TLS_CERTIFICATE_STATUS: {
    family: 'certificate',
    alert: AlertDescription.badCertificateStatusResponse,
    nodeCodes: ['UNSPECIFIED', 'UNABLE_TO_GET_CRL'],
  },
  ERR_TLS_CERTIFICATE_REJECTED: {
    family: 'certificate',
    alert: AlertDescription.certificateUnknown,
    nodeCodes: ['CERT_REJECTED'],
  },
  // transport: the connection below ended or stood still
  ERR_TLS_TRUNCATED: {
    family: 'transport',
    alert: undefined,
    nodeCodes: ['ECONNRESET', 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING'],
  },
  ERR_TLS_TIMEOUT: {
    family: 'transport',
    alert: AlertDescription.userCanceled,
    nodeCodes: ['ERR_TLS_HANDSHAKE_TIMEOUT', 'ETIMEDOUT'],
  },
  ERR_TLS_TRANSPORT: { family: 'transport', alert: undefined, nodeCodes: ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND'] },
  // a proxy below TLS refused, or did not do what a proxy does
  ERR_TLS_PROXY: { family: 'transport', alert: undefined, nodeCodes: [] },
  ERR_TLS_ABORTED: { family: 'transport', alert: AlertDescription.userCanceled, nodeCodes: ['ABORT_ERR'] },
  // misuse: the caller's fault
  ERR_TLS_API_MISUSE: { family: 'misuse', alert: AlertDescription.internalError, nodeCodes: ['ERR_TLS_INVALID_STATE'] },
  ERR_TLS_CONFIG: { family: 'misuse', alert: undefined, nodeCodes: ['ERR_INVALID_ARG_VALUE', 'ERR_OUT_OF_RANGE'] },
  ERR_TLS_UNSUPPORTED: { family: 'misuse', alert: undefined, nodeCodes: ['ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'] },
  ERR_TLS_IDENTITY: {
    family: 'misuse',
    alert: AlertDescription.internalError,
    nodeCodes: ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'ERR_OSSL_PEM_NO_START_LINE', 'ERR_OSSL_BAD_DECRYPT'],
  },
  // backend: ours, or the platform's
  ERR_TLS_BACKEND_UNAVAILABLE: { family: 'backend', alert: undefined, nodeCodes: ['ERR_NO_CRYPTO'] },
  ERR_TLS_BACKEND: {
    family: 'backend',
    alert: AlertDescription.internalError,
    nodeCodes: ['ERR_SSL_INTERNAL_ERROR', 'EPROTO'],
  },
  ERR_TLS_HOOK: { family: 'backend', alert: AlertDescription.internalError, nodeCodes: ['ERR_SSL_CALLBACK_FAILED'] },
} as const satisfies Readonly<Record<string, CodeRow>>;

/** Every code a `TlsError` can carry. */
export type TlsErrorCode = keyof typeof codeTable;

const rows: Readonly<Record<TlsErrorCode, CodeRow>> = codeTable;

/** Node's codes for the faults of one code. */
export type NodeCodeOf<Code extends TlsErrorCode> = (typeof codeTable)[Code]['nodeCodes'][number];

/** All codes, for exhaustive tables and tests. */
export const tlsErrorCodes = Object.keys(codeTable) as readonly TlsErrorCode[];

/**
 * The alert that an error of this code sends to the peer; `undefined`: none.
 * @param section the RFC's section that the peer broke, where it may want another alert than the code has
 */
export function alertOf(code: TlsErrorCode, section?: AlertSection): AlertDescription | undefined {
  const { alert, alertBySection } = rows[code];
  return (section && alertBySection?.[section]) ?? alert;
}

/** The sections that want another alert for a fault of this code, with that alert. */
export function alertsBySection(code: TlsErrorCode): Readonly<Partial<Record<AlertSection, AlertDescription>>> {
  return rows[code].alertBySection ?? {};
}

/** Who is at fault for an error of this code. */
export function familyOf(code: TlsErrorCode): TlsErrorFamily {
  return rows[code].family;
}

/** What Node's own TLS gives as `code` for the same faults, the most usual first; none where it does not have the feature. */
export function nodeCodesOf(code: TlsErrorCode): readonly string[] {
  return rows[code].nodeCodes;
}
