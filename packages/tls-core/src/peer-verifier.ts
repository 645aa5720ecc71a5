import type { ChainJudge } from './chain-judge.ts';
import type { CommonConfig } from './common-config.ts';
import type { TrustSource } from './trust.ts';

/** Options that not every platform's verifier knows, and one that is brought along may. */
export const peerVerifierOptions = [
  'revocation',
  'pins',
  'certificateProfile',
  'certificatePolicies',
  'isPublicSuffix',
  'provenChains',
] as const;
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
