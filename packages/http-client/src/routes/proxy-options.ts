import { optionNames } from '@org/tls-core/backend';
import type { ClientTls } from '@org/tls-core/config';

/** A proxy, and what only the proxy is to know. */
export interface ProxyOptions {
  /**
   * Its scheme says how the proxy is spoken to: `http:` (CONNECT in clear text), `https:` (CONNECT over TLS), `socks5:` (the name is
   * looked up here) or `socks5h:` (the proxy looks it up). Default ports: 80, 443 and 1080. User information is percent-decoded.
   */
  readonly url: string | URL;
  /** How TLS to an `https:` proxy is done. Default: the client's backend with the defaults of all other options. */
  readonly tls?: ClientTls | undefined;
  /** The name that an `https:` proxy must prove. Default: the host of `url`. */
  readonly serverName?: string | undefined;
  /** Further fields of each CONNECT. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For `Basic` (RFC 7617), or for SOCKS (RFC 1929, 255 bytes at most); instead of the URL's user information. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A token for `Bearer` (RFC 6750 §2.1). */
  readonly token?: string | undefined;
}

/** The names of all options of a proxy. */
export const knownProxyOptions = optionNames<ProxyOptions>({
  url: true,
  tls: true,
  serverName: true,
  headers: true,
  username: true,
  password: true,
  token: true,
});
