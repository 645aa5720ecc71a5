import type { MaybePromise } from '@org/tls-core';
import { isPromiseLike, wrongType } from '@org/tls-core/backend';
import type { ClientTls } from '@org/tls-core/config';
import { environmentProxy } from './environment-proxy.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { ProxyServer } from './proxy-server.ts';

/** One proxy by its URL or with its options, or none. */
export type ProxyChoice = 'none' | (string & {}) | URL | ProxyOptions;

/** Whether a proxy is used, and which one; a function says so for each origin, whenever a connection to it is made. */
export type ProxyOption = 'environment' | ProxyChoice | ((origin: string) => MaybePromise<ProxyChoice>);

/** The options that say which way connections take. */
export interface WayOptions {
  readonly proxy?: ProxyOption | undefined;
  readonly socketPath?: string | undefined;
}

/** How an origin is reached. */
export type Way =
  | { readonly kind: 'direct' }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'proxy'; readonly proxy: ProxyServer };

/** Says how an origin is reached. */
export type WayOf = (origin: string) => MaybePromise<Way>;

/**
 * Reads which way the options say.
 * @param where what stands before an option's name in an error
 * @param clientTls names the backend of TLS to a proxy
 * @returns `undefined` where they say none
 * @throws TypeError, TlsError `ERR_TLS_CONFIG` on what cannot be
 */
export function readWay(options: WayOptions, where: string, clientTls: ClientTls | undefined): WayOf | undefined {
  const { proxy, socketPath } = options;
  if (socketPath !== undefined && proxy !== undefined)
    throw new TypeError(`${where}socketPath: expected no \`proxy\` beside it`);
  if (socketPath !== undefined) return constant({ kind: 'socket', path: readPath(socketPath, where) });
  if (proxy === undefined) return undefined;
  if (proxy === 'environment') return environmentWay(clientTls);
  const choices = new ProxyChoices(`${where}proxy`, clientTls);
  if (typeof proxy === 'function') return choices.by(proxy);
  return constant(choices.way(proxy));
}

/** The way that the environment says, as it is now. */
export function environmentWay(clientTls: ClientTls | undefined): WayOf {
  return new ProxyChoices('proxy', clientTls).by(environmentProxy());
}

function constant(way: Way): WayOf {
  return () => way;
}

function readPath(path: unknown, where: string): string {
  if (typeof path !== 'string' || path === '') throw wrongType(`${where}socketPath`, 'a path', path);
  return path;
}

/** How many texts a function may give before those that it gave before are read anew. */
const maxTexts = 64;

/** Reads choices, each once: a proxy of `https:` has a context, which holds its parsed roots. */
class ProxyChoices {
  readonly #where: string;
  readonly #clientTls: ClientTls | undefined;
  readonly #byText = new Map<string, Way>();
  readonly #byObject = new WeakMap<object, Way>();

  constructor(where: string, clientTls: ClientTls | undefined) {
    this.#where = where;
    this.#clientTls = clientTls;
  }

  by(choose: (origin: string) => MaybePromise<ProxyChoice>): WayOf {
    return (origin) => {
      const choice = choose(origin);
      return isPromiseLike(choice) ? choice.then((chosen) => this.way(chosen)) : this.way(choice);
    };
  }

  way(choice: ProxyChoice): Way {
    if (choice === 'none') return { kind: 'direct' };
    if (typeof choice === 'string') return this.#ofText(choice);
    if (choice instanceof URL) return this.#ofText(choice.href);
    if (typeof choice !== 'object' || choice === null)
      throw wrongType(this.#where, 'a URL, an object with one, or `none`', choice);
    const known = this.#byObject.get(choice);
    if (known !== undefined) return known;
    const way = this.#read(choice);
    this.#byObject.set(choice, way);
    return way;
  }

  #ofText(url: string): Way {
    const known = this.#byText.get(url);
    if (known !== undefined) return known;
    if (this.#byText.size >= maxTexts) this.#byText.clear();
    const way = this.#read({ url });
    this.#byText.set(url, way);
    return way;
  }

  #read(options: ProxyOptions): Way {
    return { kind: 'proxy', proxy: new ProxyServer(options, this.#where, this.#clientTls) };
  }
}
