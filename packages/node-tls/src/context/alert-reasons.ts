/**
 * OpenSSL's words for the alerts that a peer sends. Those of SSL 3's time have had another beginning since OpenSSL 3.2, so that the code that
 * Node makes of them is another one too: `ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE` and `ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE`.
 */
const alertsOfSsl3: Readonly<Record<number, string>> = {
  10: 'unexpected message',
  20: 'bad record mac',
  30: 'decompression failure',
  40: 'handshake failure',
  41: 'no certificate',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
};

const alertsOfTls: Readonly<Record<number, string>> = {
  21: 'tlsv1 alert decryption failed',
  22: 'tlsv1 alert record overflow',
  48: 'tlsv1 alert unknown ca',
  49: 'tlsv1 alert access denied',
  50: 'tlsv1 alert decode error',
  51: 'tlsv1 alert decrypt error',
  60: 'tlsv1 alert export restriction',
  70: 'tlsv1 alert protocol version',
  71: 'tlsv1 alert insufficient security',
  80: 'tlsv1 alert internal error',
  86: 'tlsv1 alert inappropriate fallback',
  90: 'tlsv1 alert user cancelled',
  100: 'tlsv1 alert no renegotiation',
  109: 'tlsv13 alert missing extension',
  110: 'tlsv1 unsupported extension',
  111: 'tlsv1 certificate unobtainable',
  112: 'tlsv1 unrecognized name',
  113: 'tlsv1 bad certificate status response',
  114: 'tlsv1 bad certificate hash value',
  115: 'tlsv1 alert unknown psk identity',
  116: 'tlsv13 alert certificate required',
  120: 'tlsv1 alert no application protocol',
};

const [major = 3, minor = 0] = (process.versions.openssl ?? '').split('.').map(Number);

/** Whether this Node has an OpenSSL that says some things in the words of version 3.2. */
export const hasOpenSsl32 = major > 3 || (major === 3 && minor >= 2);
const ssl3 = hasOpenSsl32 ? 'ssl/tls alert' : 'sslv3 alert';

/** OpenSSL's reason for an alert that the peer has sent, as the OpenSSL of this Node has it. */
export function alertReason(alert: number): string {
  const words = alertsOfSsl3[alert];
  return words === undefined ? (alertsOfTls[alert] ?? `reason(${1000 + alert})`) : `${ssl3} ${words}`;
}
