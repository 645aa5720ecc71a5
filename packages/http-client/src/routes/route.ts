import { isIPv6, type Socket } from 'node:net';

/** The way that a connection took: no other party, a socket of the file system or a pipe by its path, or a proxy by its URL without credentials. */
export type Route = 'direct' | `unix:${string}` | ProxyRoute;

/** A proxy's URL with its port and without credentials. */
export type ProxyRoute = `${ProxyScheme}//${string}`;

/** The protocols that are spoken to a proxy. */
export type ProxyScheme = 'http:' | 'https:' | 'socks5:' | 'socks5h:';

/** Where a request has to go, whichever way it takes. */
export interface Destination {
  /** The URL's origin, in the only form that the URL standard has for it. */
  readonly origin: string;
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** The address of this machine that TCP connections are made from. */
  readonly localAddress?: string | undefined;
}

/** The steps of a way, in the order in which they are taken. */
export type RoutePhase = 'lookup' | 'connect' | 'proxy';

/** What goes along with one connection that is being made. */
export interface Attempt {
  /** Its abort gives the connection up. */
  readonly signal: AbortSignal;
  /** Is told of each step when it begins. */
  readonly onPhase?: ((phase: RoutePhase) => void) | undefined;
}

/** An open way to the destination's TCP port, over which TLS may be done. */
export interface OpenedRoute {
  readonly transport: Socket;
  readonly route: Route;
}

/** Opens a way to a destination. Nothing is left of it where it rejects. */
export type OpenRoute = (destination: Destination, attempt: Attempt) => Promise<OpenedRoute>;

/** A host and a port as they stand in a URL (RFC 3986 §3.2). */
export function authorityOf({ host, port }: Pick<Destination, 'host' | 'port'>): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
