import { badValue, wrongType } from '@org/tls-core/backend';
import type { ProxyScheme } from './route.ts';

/** What the URL of a proxy says. */
export interface ProxyUrl {
  readonly scheme: ProxyScheme;
  readonly host: string;
  readonly port: number;
  /** What stands in its user information. */
  readonly username?: string;
  readonly password?: string;
}

export function isSocks(scheme: ProxyScheme): boolean {
  return scheme.startsWith('socks');
}

/**
 * Reads the URL of a proxy.
 * @param where what stands before the message of an error, which shows nothing of the URL
 * @throws TypeError, TlsError `ERR_TLS_CONFIG` on what is no such URL
 */
export function readProxyUrl(given: unknown, where: string): ProxyUrl {
  if (typeof given !== 'string' && !(given instanceof URL)) throw wrongType(`${where}.url`, 'a URL', given);
  const [, scheme = '', rest = ''] = /^([a-z0-9]+:)(\/\/.*)$/isu.exec(String(given).trim()) ?? [];
  const usualPort = usualPorts.get(scheme.toLowerCase());
  // The URL standard normalises hosts of its special schemes only, and leaves out a port that is the scheme's usual one.
  const [url, other] = [`http:${rest}`, `https:${rest}`].map(parsed);
  if (usualPort === undefined || url === undefined || other === undefined)
    throw badValue(where, 'expected a URL with a host, whose scheme is http:, https:, socks5: or socks5h:');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw badValue(where, 'expected a URL without a path, a query and a fragment');
  return {
    scheme: scheme.toLowerCase() as ProxyScheme,
    host: url.hostname.replace(/^\[|\]$/gu, ''),
    port: Number(url.port || other.port || usualPort),
    ...(url.username !== '' && { username: decoded(url.username, where) }),
    ...(url.password !== '' && { password: decoded(url.password, where) }),
  };
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The error of the decoder is not passed on, and neither is the text: it is a secret.
    throw badValue(where, 'expected user information whose percent signs are those of percent-encoding in UTF-8');
  }
}

const usualPorts: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
  ['socks5:', 1080],
  ['socks5h:', 1080],
]);
