import { AlertDescription, alertName, TlsError, type CertificateFailure, type TlsErrorCode } from '@org/tls-core';
import { isFailed, type Failed, type NativeFault } from './addon.ts';

/** How a fault of OpenSSL's verifier is called here and in Node, and what can be done about it. */
interface VerifyRow {
  readonly code: TlsErrorCode;
  readonly nodeCode: string;
  readonly hint?: string;
}

const unknownIssuer = 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER';
const missingIssuer =
  'the issuer is not trusted, or the server did not send an intermediate certificate: add the root to `trust`, or have the server send its whole chain';

const weak =
  'a key or hash of the chain is too weak for the security level of OpenSSL: have the certificate issued with ECDSA, or RSA of 2048 bits, and SHA-256';

/** Numbers of OpenSSL's errors: the library, and its reason. */
const sslLibrary = 20;
const peerSentNoCertificate = 199;

/** By `X509_V_ERR_*`. */
const verifyFaults: Readonly<Record<number, VerifyRow>> = {
  2: { code: unknownIssuer, nodeCode: 'UNABLE_TO_GET_ISSUER_CERT', hint: missingIssuer },
  7: { code: 'ERR_TLS_CERTIFICATE_SIGNATURE', nodeCode: 'CERT_SIGNATURE_FAILURE' },
  9: { code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID', nodeCode: 'CERT_NOT_YET_VALID', hint: 'check this machine’s clock' },
  10: {
    code: 'ERR_TLS_CERTIFICATE_EXPIRED',
    nodeCode: 'CERT_HAS_EXPIRED',
    hint: 'the server has to renew its certificate; check this machine’s clock too',
  },
  18: {
    code: unknownIssuer,
    nodeCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    hint: 'to trust this one certificate, put it into `trust`',
  },
  19: { code: unknownIssuer, nodeCode: 'SELF_SIGNED_CERT_IN_CHAIN', hint: 'to trust this root, put it into `trust`' },
  20: { code: unknownIssuer, nodeCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', hint: missingIssuer },
  21: { code: unknownIssuer, nodeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', hint: missingIssuer },
  22: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'CERT_CHAIN_TOO_LONG' },
  23: { code: 'ERR_TLS_CERTIFICATE_REVOKED', nodeCode: 'CERT_REVOKED' },
  25: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'PATH_LENGTH_EXCEEDED' },
  26: {
    code: 'ERR_TLS_CERTIFICATE_PURPOSE',
    nodeCode: 'INVALID_PURPOSE',
    hint: 'the certificate is not for servers: its extended key usage says so',
  },
  27: { code: unknownIssuer, nodeCode: 'CERT_UNTRUSTED' },
  28: { code: 'ERR_TLS_CERTIFICATE_REJECTED', nodeCode: 'CERT_REJECTED' },
  32: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'INVALID_CA' },
  34: { code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', nodeCode: 'UNHANDLED_CRITICAL_EXTENSION' },
  47: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'UNSPECIFIED' },
  48: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'UNSPECIFIED' },
  62: {
    code: 'ERR_TLS_CERTIFICATE_NAME',
    nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
    hint: 'the certificate is for another name: check the host, or pass `serverName`',
  },
  64: {
    code: 'ERR_TLS_CERTIFICATE_NAME',
    nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
    hint: 'the certificate is not for this IP address: connect by name, or pass `serverName`',
  },
  66: { code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', nodeCode: 'UNSPECIFIED', hint: weak },
  67: { code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', nodeCode: 'UNSPECIFIED', hint: weak },
  68: { code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED', nodeCode: 'UNSPECIFIED', hint: weak },
  79: { code: 'ERR_TLS_CERTIFICATE_BAD', nodeCode: 'INVALID_CA' },
};
const unableToGetIssuerLocally = 20;

/** What a fault is when all that is known is the alert that OpenSSL sent for it. */
const codeByAlert: ReadonlyMap<number, TlsErrorCode> = new Map<number, TlsErrorCode>([
  [AlertDescription.unexpectedMessage, 'ERR_TLS_UNEXPECTED_MESSAGE'],
  [AlertDescription.badRecordMac, 'ERR_TLS_BAD_RECORD_MAC'],
  [AlertDescription.recordOverflow, 'ERR_TLS_RECORD_OVERFLOW'],
  [AlertDescription.handshakeFailure, 'ERR_TLS_NO_COMMON_PARAMETERS'],
  [AlertDescription.badCertificate, 'ERR_TLS_CERTIFICATE_BAD'],
  [AlertDescription.unsupportedCertificate, 'ERR_TLS_CERTIFICATE_UNSUPPORTED'],
  [AlertDescription.illegalParameter, 'ERR_TLS_ILLEGAL_PARAMETER'],
  [AlertDescription.decodeError, 'ERR_TLS_DECODE'],
  [AlertDescription.decryptError, 'ERR_TLS_DECRYPT'],
  [AlertDescription.protocolVersion, 'ERR_TLS_PROTOCOL_VERSION'],
  [AlertDescription.insufficientSecurity, 'ERR_TLS_NO_COMMON_PARAMETERS'],
  [AlertDescription.inappropriateFallback, 'ERR_TLS_INAPPROPRIATE_FALLBACK'],
  [AlertDescription.missingExtension, 'ERR_TLS_MISSING_EXTENSION'],
  [AlertDescription.unsupportedExtension, 'ERR_TLS_UNSUPPORTED_EXTENSION'],
  [AlertDescription.unrecognizedName, 'ERR_TLS_UNRECOGNIZED_NAME'],
  [AlertDescription.noApplicationProtocol, 'ERR_TLS_NO_APPLICATION_PROTOCOL'],
]);

/** A connection's fault as the one error of the interface. */
export function toTlsError(fault: NativeFault, chain: () => readonly Uint8Array[]): TlsError {
  const platform = { platformReason: fault.reason, platformCode: fault.number };
  if (fault.kind === 'verify') return certificateError(fault, chain(), platform);
  if (fault.receivedAlert >= 0) {
    return new TlsError('ERR_TLS_ALERT', `the peer sent the alert ${alertName(fault.receivedAlert)}`, {
      ...platform,
      receivedAlert: fault.receivedAlert,
    });
  }
  const isMissing = (fault.number & 0x7f_ff_ff) === peerSentNoCertificate && fault.number >>> 23 === sslLibrary;
  const code = isMissing ? 'ERR_TLS_CERTIFICATE_REQUIRED' : (codeByAlert.get(fault.sentAlert) ?? 'ERR_TLS_BACKEND');
  const details = fault.sentAlert < 0 ? platform : { ...platform, sentAlert: fault.sentAlert };
  return new TlsError(code, fault.reason, details);
}

function certificateError(fault: NativeFault, chain: readonly Uint8Array[], platform: object): TlsError {
  // Node says this of a leaf that came alone
  const isAlone = fault.verifyCode === unableToGetIssuerLocally && chain.length === 1;
  const row = verifyFaults[isAlone ? 21 : fault.verifyCode];
  const { code, nodeCode, hint }: VerifyRow = row ?? {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    nodeCode: 'UNSPECIFIED',
  };
  const certificate: CertificateFailure = {
    chain,
    rejectedPaths: [{ path: chain, code, reason: fault.reason }],
    nodeCode,
    ...(hint !== undefined && { hint }),
  };
  const details = fault.sentAlert < 0 ? {} : { sentAlert: fault.sentAlert };
  return new TlsError(code, fault.reason, { ...platform, ...details, certificate });
}

/** A fault while a context or an engine was being made. */
export function toConfigError({ kind, reason, number }: NativeFault): TlsError {
  const platform = { platformReason: reason, platformCode: number };
  if (kind === 'identity') return new TlsError('ERR_TLS_IDENTITY', reason, { ...platform, option: 'identity' });
  if (kind === 'config') return new TlsError('ERR_TLS_CONFIG', reason, platform);
  return new TlsError('ERR_TLS_BACKEND', reason, platform);
}

/** @throws TlsError when it was not made */
export function made<T extends object>(result: T | Failed): T {
  if (isFailed(result)) throw toConfigError(result.fault);
  return result;
}
