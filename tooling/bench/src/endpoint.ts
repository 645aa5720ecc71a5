import type { Duplex } from 'node:stream';
import type { TlsBackend } from '@org/tls-core';

/** What a handshake is made of. */
export interface Scene {
  readonly version: 'TLSv1.3' | 'TLSv1.2';
  readonly key: 'ecdsa-p256' | 'rsa-2048';
  readonly group: 'x25519' | 'X25519MLKEM768' | 'secp256r1';
  readonly cipher: 'aes-128-gcm' | 'chacha20-poly1305';
}

export const usualScene: Scene = { version: 'TLSv1.3', key: 'ecdsa-p256', group: 'x25519', cipher: 'aes-128-gcm' };

/** Gives the IANA name of the suite that a scene has. */
export function suiteOf({ version, key, cipher }: Scene): string {
  const aead = cipher === 'aes-128-gcm' ? 'AES_128_GCM_SHA256' : 'CHACHA20_POLY1305_SHA256';
  if (version === 'TLSv1.3') return `TLS_${aead}`;
  return `TLS_ECDHE_${key === 'rsa-2048' ? 'RSA' : 'ECDSA'}_WITH_${aead}`;
}

/** Gives the groups of a scene. In TLS 1.2 they say which curve a certificate's key may be on as well (RFC 8422 §5.1). */
export function groupsOf({ version, group }: Scene): readonly Scene['group'][] {
  return version === 'TLSv1.2' && group !== 'secp256r1' ? [group, 'secp256r1'] : [group];
}

/** A chain and its key, both as PEM. */
export interface Identity {
  readonly chain: string;
  readonly key: string;
}

/** One implementation of TLS. What it cannot do, it has no method for. */
export interface Endpoint {
  readonly listen?: (options: ListenOptions) => Promise<Listener>;
  readonly dialer?: (options: DialerOptions) => Promise<Dialer>;
  /** What has engines without sockets: one of our backends. */
  readonly backend?: TlsBackend;
}

export interface ListenOptions {
  readonly scene: Scene;
  readonly identities: readonly Identity[];
  readonly onSocket: (socket: Duplex) => void;
}

/** A server on the loopback. With several identities each connection gets the next one, so that its client has not seen it. */
export interface Listener {
  readonly port: number;
  renew(identities: readonly Identity[]): void;
}

export interface DialerOptions {
  readonly scene: Scene;
  /** The root as PEM, at which the server's chain must end. */
  readonly ca: string;
}

export interface Dialer {
  /** Resolves when the handshake is done and the server's certificate is verified for the name `localhost`. */
  dial(port: number, options?: DialOptions): Promise<Connection>;
}

export interface DialOptions {
  /** What `onSession` of an earlier connection gave. */
  readonly session?: unknown;
  readonly onSession?: (session: unknown) => void;
  /** Gives what comes in a buffer of the caller's own, as the `onread` of node:net. */
  readonly onread?: { readonly buffer: Uint8Array; readonly callback: (length: number) => boolean };
}

export interface Connection {
  readonly stream: Duplex;
  readonly resumed: boolean;
}

/** @throws Error unless `implementation` has the method */
export function required<Method>(method: Method | undefined, name: string): Method {
  if (method === undefined) throw new Error(`it has no ${name}`);
  return method;
}
