import type { ChildServer } from './child-process.ts';

/** PEM files of one test's certificates, and a folder that goes away with them. */
export interface PemFiles {
  readonly folder: string;
  readonly ca: string;
  readonly chain: string;
  readonly key: string;
}

export interface PeerServerOptions {
  /** Speak this version only. */
  readonly version?: '1.2' | '1.3';
  /** Accept P-256 only, so that a client that guessed otherwise gets a HelloRetryRequest. */
  readonly onlyP256?: boolean;
  /** Accept this group only, by OpenSSL's name; Node knows how. */
  readonly onlyGroup?: string;
  /** Refuse clients without a certificate of the CA. */
  readonly requiresCertificate?: boolean;
  /** Accept 1000 bytes of early data or more (RFC 8446 §2.3). */
  readonly acceptsEarlyData?: boolean;
}

export interface PeerClientOptions {
  /** Prove itself with the chain and its key when it is asked. */
  readonly provesItself?: boolean;
  /** Get the page a second time over a connection that resumes the first one's session. */
  readonly resumes?: boolean;
  /** Offer this group only, by OpenSSL's name; Node knows how. */
  readonly onlyGroup?: string;
  /** The second request goes as early data. */
  readonly sendsEarlyData?: boolean;
}

/** An HTTPS server that somebody else wrote. */
export interface ServerPeer {
  readonly name: string;
  /** A piece of the page at `/`. */
  readonly page: string | RegExp;
  startServer(files: PemFiles, options?: PeerServerOptions): Promise<ChildServer>;
}

/** An HTTPS client that somebody else wrote. */
export interface ClientPeer {
  readonly name: string;
  /** Verifies `localhost` against `files.ca` and gets `/`. @returns what it printed, the page in it */
  fetchPage(port: number, files: PemFiles, options?: PeerClientOptions): Promise<string>;
}

/** For clients that speak no HTTP. */
export const httpRequest = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
