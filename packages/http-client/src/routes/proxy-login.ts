import { badValue, wrongType } from '@org/tls-core/backend';
import type { ProxyOptions } from './proxy-options.ts';
import { isSocks, type ProxyUrl } from './proxy-url.ts';

/** Who is told to a proxy. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the credentials of a user, which stand in the URL or beside it.
 * @throws TypeError where they are given more than once, TlsError `ERR_TLS_CONFIG` where a proxy cannot be told them
 */
export function readLogin(options: ProxyOptions, url: ProxyUrl, where: string): Login | undefined {
  const inUrl = url.username !== undefined || url.password !== undefined;
  const inOptions = options.username !== undefined || options.password !== undefined;
  if ([inUrl, inOptions, options.token !== undefined].filter(Boolean).length > 1)
    throw new TypeError(`${where}: expected credentials once: in the URL, by username and password, or by a token`);
  if (!inUrl && !inOptions) return undefined;
  const { username = '', password = '' } = inUrl ? url : options;
  for (const [name, text] of Object.entries({ username, password })) {
    if (typeof text !== 'string') throw wrongType(`${where}.${name}`, 'a string', text);
  }
  const login = { username, password };
  const isSound = isSocks(url.scheme) ? isLoginOfSocks : isLoginOfHttp;
  if (!isSound(login)) {
    throw badValue(
      where,
      'expected a user name and a password that the proxy can be told: of 1 to 255 bytes for SOCKS (RFC 1929), without control ' +
        'characters, and a user name without a colon for HTTP (RFC 7617 §2)',
    );
  }
  return login;
}

/** RFC 1929 §2: each length is one byte. Servers take an empty password, which the RFC does not foresee. */
function isLoginOfSocks({ username, password }: Login): boolean {
  const length = Buffer.byteLength(username);
  return length >= 1 && length <= 255 && Buffer.byteLength(password) <= 255;
}

/** RFC 7617 §2: the first colon ends the user name, and neither part has control characters. */
function isLoginOfHttp({ username, password }: Login): boolean {
  return !username.includes(':') && !/\p{Cc}/u.test(username + password);
}
