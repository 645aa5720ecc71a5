import type { TrustSource } from '@org/tls-core';
import type { CheckedConfig } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { chainJudge } from '@org/x509';
import type { PeerTrust } from './settings.ts';

/** What each role reads from its configuration in its own way. */
export interface PeerTrustOptions extends Pick<PeerTrust, 'acceptsAny' | 'asksForStaple'> {
  readonly role: 'client' | 'server';
  /** `undefined`: no chain is accepted. */
  readonly trust: TrustSource | undefined;
}

/** What a configuration judges its peers by. */
export function peerTrust(crypto: CryptoProvider, config: CheckedConfig, options: PeerTrustOptions): PeerTrust {
  const { role, trust, acceptsAny, asksForStaple } = options;
  const { trustedPublicKeys = [], verifyPeer, verifyResumedPeer } = config;
  return {
    judgeChain: trust === undefined ? undefined : chainJudge(crypto, { ...config, role, trust }),
    acceptsAny,
    publicKeys: trustedPublicKeys,
    asksForStaple,
    verifyPeer,
    verifiesResumedPeer: verifyResumedPeer,
  };
}
