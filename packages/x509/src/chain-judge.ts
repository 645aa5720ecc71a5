import type { ChainJudge, PeerRules } from '@org/tls-core';
import { andThen, clientDefaults, ownFields, readPins } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { PresentedIssuers } from './presented-issuers.ts';
import { ProvenChains } from './proven-chains.ts';
import { currentRevocation, type RevocationRules } from './revocation-rules.ts';
import { anchorsFrom } from './trust-anchors.ts';
import { verdictEnd } from './verdict-end.ts';
import { proveChain, provePath, type VerifyChainOptions } from './verifier.ts';

const names = [
  'role',
  'trust',
  'revocation',
  'pins',
  'certificateProfile',
  'certificatePolicies',
  'isPublicSuffix',
  'provenChains',
] as const;

/**
 * Makes a judge of chains from what a configuration says about its peers. Our own handshakes and those of other backends use it.
 * @throws TlsError `ERR_TLS_CONFIG` on a source of trust, a list or a pin that cannot be used; `ERR_TLS_UNSUPPORTED` when the platform has
 *   no such store
 */
export function chainJudge(crypto: CryptoProvider, rules: PeerRules): ChainJudge {
  const own = ownFields(rules, names, 'rules');
  const { role, trust, revocation, pins, certificateProfile, certificatePolicies, isPublicSuffix, provenChains } = own;
  return judgeBy({
    crypto,
    anchors: anchorsFrom(trust),
    purpose: role === 'client' ? 'server' : 'client',
    profile: certificateProfile,
    certificatePolicies,
    isPublicSuffix,
    revocation: revocation && currentRevocation(revocation),
    pins: pins === undefined ? undefined : readPins(pins),
    provenChains,
  });
}

/** The rules of a judge, which hold for every chain that it is asked about. */
export interface JudgeRules extends Omit<
  VerifyChainOptions,
  'chain' | 'serverName' | 'staple' | 'time' | 'crypto' | 'revocation'
> {
  readonly crypto: CryptoProvider;
  /** The lists, made by `readRevocation`, or what gives those of now, made by `currentRevocation`. */
  readonly revocation?: RevocationRules | (() => RevocationRules) | undefined;
  /** How many proven chains are remembered; 0: none. Default: 256. */
  readonly provenChains?: number | undefined;
}

/**
 * Makes a judge of chains from rules that were read. It remembers what it has proven (`ProvenChains`), unless the rules ask a function of
 * the application, which may answer otherwise the next time. Nothing that `rules` holds may change afterwards, but the lists that a function
 * gives: with other lists the judge begins anew and has forgotten all.
 */
export function judgeBy({ revocation, ...rules }: JudgeRules): ChainJudge {
  if (typeof revocation !== 'function') return judgeByLists(rules, revocation);
  let lists = revocation();
  let judge = judgeByLists(rules, lists);
  return (presented) => {
    const current = revocation();
    if (current !== lists) {
      judge = judgeByLists(rules, current);
      lists = current;
    }
    return judge(presented);
  };
}

function judgeByLists(
  { provenChains = clientDefaults.provenChains, ...others }: Omit<JudgeRules, 'revocation'>,
  revocation: RevocationRules | undefined,
): ChainJudge {
  const rules = { ...others, revocation };
  const asksApplication = rules.profile === 'webpki' && rules.isPublicSuffix !== undefined;
  if (provenChains === 0 || asksApplication) return (presented) => proveChain({ ...presented, ...rules });
  const proven = new ProvenChains(rules.crypto, provenChains);
  return ({ chain, serverName, staple, time }) =>
    proven.judge({ chain, serverName, staple, time }, () =>
      andThen(provePath({ chain, serverName, staple, time, ...rules }), (path) => ({
        path,
        until: verdictEnd({
          path,
          others: revocation === undefined ? [] : new PresentedIssuers(chain.slice(1)).all,
          revocation,
          staple,
          time,
        }),
      })),
    );
}
