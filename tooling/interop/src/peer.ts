import type { ChildServer } from './child-process.ts';

/** The PEM files of one test's certificates, and a folder that is removed with them. */
export interface PemFiles {
  readonly folder: string;
  readonly ca: string;
  readonly chain: string;
  readonly key: string;
}

export interface PeerServerOptions {
  /** The only version that it speaks. */
  readonly version?: '1.2' | '1.3';
  /** Whether it accepts P-256 only, so that a client that sent another share gets a HelloRetryRequest. */
  readonly onlyP256?: boolean;
  /** The only group that it accepts, by OpenSSL's name; Node can do this. */
  readonly onlyGroup?: string;
  /** Whether it refuses clients without a certificate of the CA. */
  readonly requiresCertificate?: boolean;
  /** Whether it accepts 1000 bytes of early data or more (RFC 8446 §2.3). */
  readonly acceptsEarlyData?: boolean;
  /** After so many requests it takes no more over a connection; nginx can do this. Default: its own. */
  readonly requestsPerConnection?: number;
}

export interface PeerClientOptions {
  /** Whether it sends the chain, and proves that it has the key, when it is asked. */
  readonly provesItself?: boolean;
  /** Whether it gets the page a second time, over a connection that resumes the first one's session. */
  readonly resumes?: boolean;
  /** The only group that it offers, by OpenSSL's name; Node can do this. */
  readonly onlyGroup?: string;
  /** Whether it sends the second request as early data. */
  readonly sendsEarlyData?: boolean;
}

/** An HTTPS server of another implementation. */
export interface ServerPeer {
  readonly name: string;
  /** A part of the page at `/`. */
  readonly page: string | RegExp;
  startServer(files: PemFiles, options?: PeerServerOptions): Promise<ChildServer>;
}

/** An HTTPS client of another implementation. */
export interface ClientPeer {
  readonly name: string;
  /** Verifies `localhost` against `files.ca` and gets `/`. @returns what it printed, with the page in it */
  fetchPage(port: number, files: PemFiles, options?: PeerClientOptions): Promise<string>;
}

/** The request that clients send that have no HTTP of their own. */
export const httpRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
