import type { ChainJudge, PeerRules } from '@org/tls-core';
import { ownFields, readPins } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { readRevocation } from './revocation.ts';
import { anchorsFrom } from './trust-anchors.ts';
import { verifyChain } from './verifier.ts';

const names = [
  'role',
  'trust',
  'revocation',
  'pins',
  'certificateProfile',
  'certificatePolicies',
  'isPublicSuffix',
] as const;

/**
 * Makes a judge of chains from what a configuration says about its peers. Our own handshakes and those of other backends use it.
 * @throws TlsError `ERR_TLS_CONFIG` on a source of trust, a list or a pin that cannot be used; `ERR_TLS_UNSUPPORTED` when the platform has
 *   no such store
 */
export function chainJudge(crypto: CryptoProvider, rules: PeerRules): ChainJudge {
  const own = ownFields(rules, names, 'rules');
  const { role, trust, revocation, pins, certificateProfile, certificatePolicies, isPublicSuffix } = own;
  const judgedBy = {
    crypto,
    anchors: anchorsFrom(trust),
    purpose: role === 'client' ? 'server' : 'client',
    profile: certificateProfile,
    certificatePolicies,
    isPublicSuffix,
    revocation: revocation === undefined ? undefined : readRevocation(revocation),
    pins: pins === undefined ? undefined : readPins(pins),
  } as const;
  return (presented) => verifyChain({ ...presented, ...judgedBy });
}
