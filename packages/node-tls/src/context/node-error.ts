import type { TlsError, TlsErrorCode } from '@org/tls-core';
import { alertReason } from './alert-reasons.ts';
import { openSslError } from './openssl-error.ts';
import { nodeVerifyError } from './verify-error.ts';

/** OpenSSL's reasons with its numbers for them. */
type Reason = readonly [number: number, words: string];

const wrongVersionNumber: Reason = [267, 'wrong version number'];
const httpRequest: Reason = [156, 'http request'];
const httpsProxyRequest: Reason = [155, 'https proxy request'];
const noSharedCipher: Reason = [193, 'no shared cipher'];

/** The reason for a fault of each kind, where what the error says beyond its code does not choose another one. */
const reasons: Readonly<Partial<Record<TlsErrorCode, Reason>>> = {
  ERR_TLS_DECODE: [159, 'length mismatch'],
  ERR_TLS_RECORD_OVERFLOW: [150, 'encrypted length too long'],
  ERR_TLS_NOT_TLS: wrongVersionNumber,
  ERR_TLS_UNEXPECTED_MESSAGE: [244, 'unexpected message'],
  ERR_TLS_ILLEGAL_PARAMETER: [261, 'wrong cipher returned'],
  ERR_TLS_MISSING_EXTENSION: [112, 'missing sigalgs extension'],
  ERR_TLS_UNSUPPORTED_EXTENSION: [217, 'unsolicited extension'],
  ERR_TLS_BAD_RECORD_MAC: [281, 'decryption failed or bad record mac'],
  ERR_TLS_DECRYPT: [123, 'bad signature'],
  ERR_TLS_DOWNGRADE: [373, 'inappropriate fallback'],
  ERR_TLS_LIMIT: [152, 'excessive message size'],
  ERR_TLS_PROTOCOL_VERSION: [258, 'unsupported protocol'],
  ERR_TLS_NO_COMMON_PARAMETERS: noSharedCipher,
  ERR_TLS_NO_APPLICATION_PROTOCOL: [235, 'no application protocol'],
  ERR_TLS_UNRECOGNIZED_NAME: noSharedCipher,
  ERR_TLS_UNKNOWN_PSK: [223, 'psk identity not found'],
  ERR_TLS_NO_RENEGOTIATION: [339, 'no renegotiation'],
  ERR_TLS_INAPPROPRIATE_FALLBACK: [373, 'inappropriate fallback'],
  ERR_TLS_CERTIFICATE_REQUIRED: [199, 'peer did not return a certificate'],
  ERR_TLS_BACKEND: [259, 'internal error'],
  ERR_TLS_HOOK: [234, 'callback failed'],
};

/** What the text of an error says beyond its code; the first that fits is taken. The tests hold these against the backends. */
const reasonsByText: readonly (readonly [code: TlsErrorCode, text: RegExp, reason: Reason])[] = [
  ['ERR_TLS_NOT_TLS', /"(?:GET |POST |HEAD |PUT )/u, httpRequest],
  ['ERR_TLS_NOT_TLS', /"CONNE/u, httpsProxyRequest],
  ['ERR_TLS_NO_COMMON_PARAMETERS', /group/u, [101, 'no suitable key share']],
  ['ERR_TLS_NO_COMMON_PARAMETERS', /signature|certificate/u, [118, 'no suitable signature algorithm']],
  ['ERR_TLS_NO_COMMON_PARAMETERS', /renegotiation/u, [338, 'unsafe legacy renegotiation disabled']],
  ['ERR_TLS_DECRYPT', /Finished/u, [149, 'digest check failed']],
  ['ERR_TLS_DECRYPT', /binder/u, [253, 'binder does not verify']],
  ['ERR_TLS_ILLEGAL_PARAMETER', /key_share|share/u, [108, 'bad key share']],
  ['ERR_TLS_DECODE', /extension/u, [110, 'bad extension']],
];

/**
 * Gives the error that Node has for the same fault: its code, its words and what else it says. `cause` is ours. What Node has no error for,
 * such as an option that no backend here can honour, stays as it is.
 */
export function nodeError(error: TlsError): Error {
  const { code, cause } = error;
  switch (code) {
    case 'ERR_TLS_TRANSPORT':
      return cause instanceof Error ? cause : error;
    case 'ERR_TLS_ALERT':
      return alertError(error);
    case 'ERR_TLS_TRUNCATED':
      return coded(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
        error,
      );
    case 'ERR_TLS_TIMEOUT':
      return coded('ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS handshake timeout', error);
    case 'ERR_TLS_ABORTED':
      return Object.assign(coded('ABORT_ERR', 'The operation was aborted', error), { name: 'AbortError' });
    default: {
      const reason = reasonOf(error);
      if (reason !== undefined) return openSslError({ number: reason[0], reason: reason[1], cause: error });
      return error.family === 'certificate'
        ? nodeVerifyError(error.nodeCode ?? 'UNSPECIFIED', error.message, error)
        : error;
    }
  }
}

function alertError(error: TlsError): Error {
  const { alert = 0 } = error;
  return openSslError({
    number: 1000 + alert,
    reason: alertReason(alert),
    detail: `SSL alert number ${alert}`,
    cause: error,
  });
}

function reasonOf(error: TlsError): Reason | undefined {
  const { code, message } = error;
  return (
    openSslReason(error) ?? reasonsByText.find(([of, text]) => of === code && text.test(message))?.[2] ?? reasons[code]
  );
}

const sslLibrary = 20;

/** What OpenSSL itself said, where the backend is OpenSSL. */
function openSslReason({ platformCode = 0, platformReason = '' }: TlsError): Reason | undefined {
  const isOfSsl = platformCode >>> 23 === sslLibrary && /^[a-z0-9 /]+$/u.test(platformReason);
  return isOfSsl ? [platformCode & 0x7f_ffff, platformReason] : undefined;
}

function coded(code: string, message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}
