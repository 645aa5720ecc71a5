import type { MaybePromise, TlsClientContext } from '@org/tls-core';
import { checkServerName, optionNames, ownOptions, wrongType } from '@org/tls-core/backend';
import { clientContextSource, type ClientTls } from '@org/tls-core/config';
import { withBackendOf } from './backend-of.ts';
import { environmentWay, readWay, type ProxyOption, type WayOf, type WayOptions } from './way.ts';

/** What is different for one origin. What is not said is the client's. */
export interface OriginOptions {
  /** Instead of the client's `tls`, all of it. The backend is the client's, unless it names one. */
  readonly tls?: ClientTls | undefined;
  /** The name that the server must prove, and that is sent to it, instead of the URL's host. A `Host` header is none of it. */
  readonly serverName?: string | undefined;
  /** The path of the Unix domain socket or the name of the pipe at which the origin is. */
  readonly socketPath?: string | undefined;
  readonly proxy?: ProxyOption | undefined;
}

/** What a client has for the origins about which nothing is said. */
export interface ClientWideOptions extends WayOptions {
  readonly tls?: ClientTls | undefined;
  readonly origins?: Readonly<Record<string, OriginOptions>> | undefined;
}

/** How connections to one origin are made. */
export interface OriginSettings {
  /** Gives the one context of all its connections. */
  readonly context: () => MaybePromise<TlsClientContext>;
  /** The name that the server must prove instead of the URL's host. */
  readonly serverName: string | undefined;
  readonly way: WayOf;
}

/** Gives what holds for an origin. */
export type SettingsOf = (origin: string) => OriginSettings;

/**
 * Reads what holds for all origins of a client and for some of them.
 * @throws TypeError on a key that is no origin, an unknown option, or one that does not fit the others
 * @throws TlsError `ERR_TLS_CONFIG` on a name, a path or a proxy that cannot be, and what making a context throws
 */
export function readOrigins({ tls, origins = {}, ...wayOptions }: ClientWideOptions): SettingsOf {
  const whole: OriginSettings = {
    context: clientContextSource(tls, import.meta.url),
    serverName: undefined,
    way: readWay(wayOptions, '', tls) ?? environmentWay(tls),
  };
  if (typeof origins !== 'object' || origins === null) throw wrongType('origins', 'an object', origins);
  const byOrigin = new Map(
    Object.entries(origins).map(([origin, options]) => [origin, readOrigin(origin, options, whole, tls)]),
  );
  return (origin) => byOrigin.get(origin) ?? whole;
}

function readOrigin(
  origin: string,
  given: OriginOptions,
  whole: OriginSettings,
  clientTls: ClientTls | undefined,
): OriginSettings {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/u.test(origin))
    throw new TypeError(`origins: expected origins like https://192.0.2.1:8443, got ${origin}`);
  const where = `origins.${origin}`;
  const { tls, serverName, ...wayOptions } = ownOptions(given, knownOptions, where);
  if (origin.startsWith('http:') && (tls ?? serverName) !== undefined)
    throw new TypeError(`${where}: expected no \`tls\` and no \`serverName\` for what is not secured`);
  if (serverName !== undefined) checkServerName(serverName);
  const ownTls = tls === undefined ? undefined : withBackendOf(tls, clientTls);
  return {
    context: ownTls === undefined ? whole.context : clientContextSource(ownTls, import.meta.url),
    serverName,
    way: readWay(wayOptions, `${where}.`, ownTls ?? clientTls) ?? whole.way,
  };
}

const knownOptions = optionNames<OriginOptions>({ tls: true, serverName: true, socketPath: true, proxy: true });
