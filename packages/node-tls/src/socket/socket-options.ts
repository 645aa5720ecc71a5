import type { OnReadOpts, Server } from 'node:net';
import type { DetailedPeerCertificate } from 'node:tls';
import type { TlsBackend } from '@org/tls-core';
import type { SecureContext, SecureContextOptions } from '../secure-context.ts';
import type { AlpnProtocols } from './alpn-protocols.ts';

/** Tells which context a name is for. */
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
export type ServerPskCallback = (socket: unknown, identity: string) => NodeJS.ArrayBufferView | null | undefined;

/** How a `TLSSocket` is made, by Node's names. */
export interface TLSSocketOptions extends SecureContextOptions {
  readonly backend?: TlsBackend | undefined;
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

/** Under this name `connect` says how the name of the peer is checked; a TLSSocket that is made by itself checks none. */
export const identityCheck: unique symbol = Symbol('identityCheck');

/** What a connection is made with: a program's options, and those of `connect`. */
export interface ConnectionOptions extends TLSSocketOptions {
  readonly [identityCheck]?: ((certificate: DetailedPeerCertificate | undefined) => Error | undefined) | undefined;
}
