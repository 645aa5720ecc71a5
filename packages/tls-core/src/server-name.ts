import { TlsError } from './tls-error.ts';

/**
 * Checks the name that a client is to verify. Every backend calls it when an engine is made.
 * @throws TypeError unless it is a string
 * @throws TlsError `ERR_TLS_CONFIG` when it is empty, too long, or cannot stand in `server_name` (RFC 6066 §3: ASCII, A-labels)
 */
export function checkServerName(serverName: string): void {
  if (typeof serverName !== 'string') throw new TypeError(`serverName: expected a string, got ${typeof serverName}`);
  if (!/^[\x21-\x7e]{1,255}$/.test(serverName)) {
    throw new TlsError(
      'ERR_TLS_CONFIG',
      'serverName: expected 1 to 255 characters of printable ASCII; internationalised names as A-labels',
      { option: 'serverName' },
    );
  }
}
