import { isIpAddress } from './ip-address.ts';
import { TlsError } from './tls-error.ts';

/**
 * Checks the name that a client is to verify. Every backend calls it when an engine is made, so that no name is sent as SNI that no
 * certificate can prove.
 * @throws TypeError unless it is a string
 * @throws TlsError `ERR_TLS_CONFIG` when it is neither an IP address nor a name that can stand in `server_name`; one trailing dot may
 *   follow the name, and is not sent. An address with a zone is neither (RFC 4007 §11: it means something on one machine only, so that no
 *   certificate can hold it)
 */
export function checkServerName(serverName: string): void {
  if (typeof serverName !== 'string') throw new TypeError(`serverName: expected a string, got ${typeof serverName}`);
  if (isIpAddress(serverName) || isHostName(serverName.replace(/\.$/, ''))) return;
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `serverName: expected an IP address, or a host name in ASCII (internationalised names as A-labels), got ${JSON.stringify(serverName)}`,
    { option: 'serverName' },
  );
}

/** An IPv6 address without the zone that says on which link it is (RFC 4007 §11); anything else as it is. */
export function withoutZone(host: string): string {
  return /^[\da-f:.]*:[\da-f:.]*%/i.test(host) ? host.slice(0, host.indexOf('%')) : host;
}

/**
 * What a server takes of a `host_name` that a client sent (RFC 6066 §3).
 * @param hostName one character for each byte
 * @returns the name in lower case; `undefined` for a literal IP address, which a client must not send and many do: it is passed over
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on what is no host name: other characters, a trailing dot, an empty label
 */
export function readServerName(hostName: string): string | undefined {
  if (isHostName(hostName)) return hostName.toLowerCase();
  if (isIpAddress(hostName)) return undefined;
  throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'server_name: it is no host name (RFC 6066 §3)');
}

/**
 * A host name as it is looked up in the DNS: labels of letters and digits with hyphens within (RFC 1123 §2.1), and with underscores
 * within, which private networks use. A name whose last label is a number would be read as an address by others.
 */
function isHostName(name: string): boolean {
  return isDnsName(name) && !endsInNumber.test(name);
}

/** Tells whether a name consists of such labels, 253 characters in all, whatever the last one is. */
export function isDnsName(name: string): boolean {
  return name.length <= maxNameLength && hostName.test(name);
}

/** RFC 1035 §2.3.4: 255 bytes on the wire of the DNS, which are 253 characters. */
const maxNameLength = 253;
const hostName = /^(?:[a-z\d](?:[a-z\d_-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d_-]{0,61}[a-z\d])?$/i;
const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)$/i;
