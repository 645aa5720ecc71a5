import type { MaybePromise, TlsClientContext } from '@org/tls-core';
import { checkServerName, ownOptions } from '@org/tls-core/backend';
import { clientContextSource, type ClientTls } from '@org/tls-core/config';
import { withBackendOf } from './backend-of.ts';
import { readProxyHeaders } from './proxy-headers.ts';
import { readLogin, type Login } from './proxy-login.ts';
import { knownProxyOptions, type ProxyOptions } from './proxy-options.ts';
import { isSocks, readProxyUrl } from './proxy-url.ts';
import { authorityOf, type ProxyRoute, type ProxyScheme } from './route.ts';

/** A proxy as it is used. Whatever is secret stands in private fields, which no `inspect` shows. */
export class ProxyServer {
  readonly scheme: ProxyScheme;
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly route: ProxyRoute;
  readonly #context: () => MaybePromise<TlsClientContext>;
  readonly #login: Login | undefined;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param where what stands before an option's name in an error, or the environment's variable
   * @param clientTls names the backend where the proxy's own `tls` does not
   * @throws TypeError on an unknown option, one of the wrong type, or one that the scheme has no use for
   * @throws TlsError `ERR_TLS_CONFIG` on a URL, a name or credentials that cannot be; no message shows them
   */
  constructor(given: ProxyOptions, where: string, clientTls: ClientTls | undefined) {
    const options = ownOptions(given, knownProxyOptions, where);
    const url = readProxyUrl(options.url, where);
    refuseUseless(options, url.scheme, where);
    this.scheme = url.scheme;
    this.host = url.host;
    this.port = url.port;
    this.route = `${url.scheme}//${authorityOf(url)}`;
    const { tls = {}, serverName = url.host } = options;
    this.serverName = serverName;
    if (this.isSecured) checkServerName(this.serverName);
    this.#login = readLogin(options, url, where);
    this.#headers = readProxyHeaders(options, isSocks(url.scheme) ? undefined : this.#login, where);
    this.#context = this.isSecured ? clientContextSource(withBackendOf(tls, clientTls), import.meta.url) : noContext;
  }

  /** Whether TLS is done to the proxy itself. */
  get isSecured(): boolean {
    return this.scheme === 'https:';
  }

  context(): MaybePromise<TlsClientContext> {
    return this.#context();
  }

  /** For SOCKS; for HTTP it stands in `connectHeaders`. */
  login(): Login | undefined {
    return this.#login;
  }

  /** The fields of a CONNECT, credentials among them. */
  connectHeaders(): Readonly<Record<string, string>> {
    return this.#headers;
  }
}

/** Refuses what no `ProxyServer` can be made of. */
export function checkProxy(given: ProxyOptions, where: string): void {
  // A configuration without a backend makes no context before it is asked for one.
  void new ProxyServer(given, where, undefined);
}

function refuseUseless(options: ProxyOptions, scheme: ProxyScheme, where: string): void {
  const useless = [
    ...(scheme === 'https:' ? [] : (['tls', 'serverName'] as const)),
    ...(isSocks(scheme) ? (['headers', 'token'] as const) : []),
  ].find((name) => options[name] !== undefined);
  if (useless !== undefined) throw new TypeError(`${where}.${useless}: a proxy of ${scheme} has no use for it`);
}

function noContext(): never {
  throw new TypeError('only a proxy of https: has a context');
}
