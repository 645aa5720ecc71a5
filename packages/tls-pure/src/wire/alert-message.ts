import { TlsError } from '@org/tls-core';
import { illegalParameter } from './illegal-parameter.ts';

const warning = 1;
const fatal = 2;

/** An alert (RFC 8446 §6). */
export interface Alert {
  /** Says something in TLS 1.2 only. */
  readonly isWarning: boolean;
  readonly description: number;
}

/**
 * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on an empty record (§5.4), `ERR_TLS_DECODE` unless it is one whole alert (§5.1),
 *   `ERR_TLS_ILLEGAL_PARAMETER` on a level that does not exist
 */
export function decodeAlert(fragment: Uint8Array): Alert {
  if (fragment.length === 0) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'an alert record without content');
  const [level, description] = fragment;
  if (fragment.length !== 2 || description === undefined) {
    throw new TlsError('ERR_TLS_DECODE', `alert: expected 2 bytes, got ${fragment.length}`);
  }
  if (level !== warning && level !== fatal) throw illegalParameter(`alert: level ${level}`);
  return { isWarning: level === warning, description };
}
