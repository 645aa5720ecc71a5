import type { CommonConfig } from './common-config.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { TrustSource } from './trust.ts';

/** Options that not every platform's verifier knows, and one that is brought along may. */
export const peerVerifierOptions = ['revocation', 'pins', 'certificateProfile', 'isPublicSuffix'] as const;
export type PeerVerifierOption = (typeof peerVerifierOptions)[number];

/**
 * Judges certificate chains in the place of a platform's own verifier. The platform's library still does the handshake, and so checks that
 * the peer holds the private key of the leaf; the verifier says whether the leaf is to be believed.
 */
export interface PeerVerifier {
  /** Tells it from others, and from itself under other rules: a session made under one is resumed under no other. */
  readonly name: string;
  /** Which of these it honours. */
  readonly options: readonly PeerVerifierOption[];
  /**
   * Reads what all connections of a context are judged by, once.
   * @throws TlsError `ERR_TLS_CONFIG` on a value that cannot be used, `ERR_TLS_UNSUPPORTED` on a kind of trust that it does not have
   */
  createJudge(rules: PeerRules): ChainJudge;
}

type PeerVerifierConfig = { readonly [Option in PeerVerifierOption]?: CommonConfig[Option] | undefined };

/** What a checked configuration says about its peers. */
export interface PeerRules extends PeerVerifierConfig {
  /** Ours: a client judges servers. */
  readonly role: 'client' | 'server';
  /** What chains must end at, and nothing else: the configuration's `trust` or `clientTrust`. */
  readonly trust: TrustSource;
}

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
