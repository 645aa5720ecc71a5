import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { UsageError } from './exit-code.ts';

/**
 * Reads a DNS name, which may begin with `*.` and may have other letters than ASCII, or an IP address.
 * @returns the name as certificates have it
 * @throws UsageError when it is neither
 */
export function parseServerName(text: string): string {
  if (isIP(text) !== 0 && !text.includes('%')) return text;
  const wildcard = text.startsWith('*.') ? '*.' : '';
  const name = domainToASCII(text.slice(wildcard.length));
  if (!dnsName.test(name) || name.length > 253 || isIP(name) !== 0)
    throw new UsageError(`expected a DNS name or an IP address, got ${text}`);
  return `${wildcard}${name}`;
}

/**
 * Reads the name of a client, which becomes its certificate's commonName.
 * @throws UsageError when it is empty, longer than 64 characters (RFC 5280 appendix A.1), or has control characters
 */
export function parseClientName(text: string): string {
  if (!/^\P{Cc}{1,64}$/u.test(text) || text.trim() === '')
    throw new UsageError(`--client: expected a name of 1 to 64 characters, got ${JSON.stringify(text)}`);
  return text;
}

/** Gives the name of a file, without its ending, that every system allows: `_.example.test` for `*.example.test`. */
export function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w.@-]/g, '_');
}

const dnsName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
