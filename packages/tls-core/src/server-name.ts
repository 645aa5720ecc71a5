import { TlsError } from './tls-error.ts';

/**
 * Checks the name that a client is to verify. Every backend calls it when an engine is made.
 * @throws TypeError unless it is a string
 * @throws TlsError `ERR_TLS_CONFIG` when it is empty, too long, cannot stand in `server_name` (RFC 6066 §3: ASCII, A-labels), or is an
 *   address with a zone (RFC 4007 §11: it means something on one machine only, so that no certificate can hold it)
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
  if (withoutZone(serverName) !== serverName) {
    throw new TlsError('ERR_TLS_CONFIG', 'serverName: expected an address without a zone', { option: 'serverName' });
  }
}

/** An IPv6 address without the zone that says on which link it is (RFC 4007 §11); anything else as it is. */
export function withoutZone(host: string): string {
  return /^[\da-f:.]*:[\da-f:.]*%/i.test(host) ? host.slice(0, host.indexOf('%')) : host;
}
