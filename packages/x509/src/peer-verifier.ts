import type { PeerVerifier } from '@org/tls-core';
import { ownOptions, peerVerifierOptions } from '@org/tls-core/backend';
import { defaultCrypto } from '@org/tls-crypto';
import type { CryptoProvider } from '@org/tls-crypto';
import { chainJudge } from './chain-judge.ts';

export interface PeerVerifierSettings {
  /** Default: node:crypto where there is Node (or Bun or Deno), else noble. */
  readonly crypto?: CryptoProvider;
}

/**
 * Makes our verifier for other backends: peers are then judged as tls-pure judges them, whichever backend does the handshake.
 * @throws TypeError on an unknown option
 */
export function peerVerifier(settings: PeerVerifierSettings = {}): PeerVerifier {
  const { crypto = defaultCrypto } = ownOptions(settings, ['crypto']);
  return Object.freeze({
    name: 'pure',
    options: peerVerifierOptions,
    createJudge: (rules) => chainJudge(crypto, rules),
  } satisfies PeerVerifier);
}
