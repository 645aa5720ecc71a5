import type { MaybePromise } from '@org/tls-core';
import type { CryptoProvider } from '../crypto/provider.ts';

/** What a chain is to be judged by. */
export interface VerifyChainOptions {
  /** DER, leaf first, as the peer sent it. The rest is in any order and may hold surplus certificates. */
  readonly chain: readonly Uint8Array[];
  readonly anchors: TrustAnchors;
  readonly purpose: 'server' | 'client';
  /** The host name or IP address to prove; `undefined`: no name is checked (client certificates). */
  readonly serverName: string | undefined;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly crypto: CryptoProvider;
}

/** What the verifier proved; only `verifyChain` makes one. */
export interface VerifiedChain {
  readonly path: readonly Uint8Array[];
}

/** Parsed roots, shared by many verifications. */
export interface TrustAnchors {
  readonly count: number;
}
export type VerifyChain = (options: VerifyChainOptions) => MaybePromise<VerifiedChain>;
