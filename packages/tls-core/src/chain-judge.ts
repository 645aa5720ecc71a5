import type { MaybePromise } from './maybe-promise.ts';

/**
 * Proves a chain. Called once in each full handshake, before a client shows its own certificate; the handshake waits for a Promise.
 * @throws TlsError (or rejects with) a code of the certificate family, which also chooses the alert; anything else is `ERR_TLS_HOOK`
 */
export type ChainJudge = (presented: PresentedChain) => MaybePromise<VerifiedChain>;

/** A chain as a peer sent it; nothing in it is proven. */
export interface PresentedChain {
  /** DER, leaf first; the rest is in any order and may hold surplus certificates. */
  readonly chain: readonly Uint8Array[];
  /** The host name or IP address to prove; `undefined`: none (a client's certificate). */
  readonly serverName: string | undefined;
  /** The stapled OCSP response (RFC 6066 §8); `undefined`: the peer was not asked for one. */
  readonly staple: Staple | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What the peer stapled, where it was asked to. */
export interface Staple {
  /** OCSPResponse, DER; `undefined`: nothing. */
  readonly ocspResponse: Uint8Array | undefined;
}

/** What was proven. */
export interface VerifiedChain {
  /** DER, leaf first, trust anchor last when it is a certificate. */
  readonly path: readonly Uint8Array[];
}
