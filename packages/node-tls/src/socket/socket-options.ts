import type { OnReadOpts, Server } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { TlsBackend } from '@org/tls-core';
import type { SecureContextOptions } from '../secure-context.ts';
import type { AlpnProtocols } from './alpn-protocols.ts';

/** Tells which context a name is for. For TypeScript one of Node's will do, so that options of Node's types do; it is refused when it comes. */
export type SniCallback = (servername: string, done: (error: Error | null, context?: SecureContext) => void) => void;

/**
 * Chooses a protocol of those that the client offers; `undefined` refuses them all. `servername` is `false` where the client sent none, which
 * Node's types do not say.
 */
export type AlpnCallback = (offer: { servername: string; protocols: string[] }) => string | undefined;

/** What a client's `pskCallback` gives. */
export interface PskAnswer {
  readonly psk: NodeJS.ArrayBufferView;
  readonly identity: string;
}
export type ClientPskCallback = (hint: string | null) => PskAnswer | null | undefined;

/** Gives a server the key of an identity. */
export type ServerPskCallback = (socket: TLSSocket, identity: string) => NodeJS.ArrayBufferView | null | undefined;

/** How a `TLSSocket` is made, by Node's names. */
export interface TLSSocketOptions extends SecureContextOptions {
  readonly backend?: TlsBackend | undefined;
  /** One of this package, `ERR_TLS_INVALID_CONTEXT` else. Its type is Node's, so that what is typed as Node's options can be given. */
  readonly secureContext?: SecureContext | undefined;
  readonly isServer?: boolean | undefined;
  readonly server?: Server | undefined;
  readonly requestCert?: boolean | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  readonly session?: Buffer | Uint8Array | string | undefined;
  readonly ALPNProtocols?: AlpnProtocols | undefined;
  readonly ALPNCallback?: AlpnCallback | undefined;
  readonly SNICallback?: SniCallback | undefined;
  readonly requestOCSP?: boolean | undefined;
  readonly enableTrace?: boolean | undefined;
  readonly pskCallback?: ClientPskCallback | ServerPskCallback | undefined;
  readonly pskIdentityHint?: string | undefined;
  readonly handshakeTimeout?: number | undefined;
  readonly pauseOnConnect?: boolean | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly highWaterMark?: number | undefined;
  readonly onread?: OnReadOpts | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Says why a certificate is not for the host. @param path DER, leaf first */
export type IdentityCheck = (path: readonly Uint8Array[]) => Error | undefined;

/** Under this name `connect` says how the name of the peer is checked; a TLSSocket that is made by itself checks none. */
export const identityCheck: unique symbol = Symbol('identityCheck');

/** What a connection is made with: a program's options, and those of `connect`. */
export interface ConnectionOptions extends TLSSocketOptions {
  readonly [identityCheck]?: IdentityCheck | undefined;
}
