import { createHash } from 'node:crypto';
import type { ChainJudge } from '@org/tls-core';
import { defaultCrypto } from '@org/tls-crypto';
import { judgeBy } from '@org/x509';
import { hasReplacedDefaults } from './ca-certificates.ts';
import { CertificateStore } from './certificate-store.ts';
import type { ContextTrust } from './context-trust.ts';
import { readRevocationList, type RevocationList } from './revocation-lists.ts';

/** What a context's certificates and lists say. */
export interface TrustState {
  readonly version: unknown;
  readonly store: CertificateStore;
  readonly revocationLists: readonly RevocationList[];
  /** Our own verifier, by what the leaf is shown as. It remembers what it has proven. `undefined`: nothing is trusted. */
  readonly judges: { readonly [Purpose in 'server' | 'client']: ChainJudge | undefined };
}

const states = new WeakMap<ContextTrust, TrustState>();

/** Gives what a context's certificates and lists say, read once after each change. */
export function stateOf(trust: ContextTrust): TrustState {
  const known = states.get(trust);
  if (known?.version === trust.version) return known;
  const state = sharedState(trust);
  states.set(trust, state);
  return state;
}

function makeState(trust: ContextTrust): TrustState {
  const store = new CertificateStore(trust);
  const { anchors } = store;
  const judgeOf = (purpose: 'server' | 'client'): ChainJudge | undefined =>
    anchors && judgeBy({ crypto: defaultCrypto, anchors, purpose });
  return {
    version: trust.version,
    store,
    revocationLists: trust.revocationLists.map(readRevocationList),
    judges: { server: judgeOf('server'), client: judgeOf('client') },
  };
}

/** Contexts of the same words share a state: Node's clients make one for each connection, unless they are given one. */
const recent = new Map<string, TrustState>();
const maxRecent = 16;
/** Bytes of certificates that are compared. To read more takes longer than a program would make a context for each connection. */
const maxCompared = 2 ** 16;

function sharedState(trust: ContextTrust): TrustState {
  const words = wordsOf(trust);
  if (words === undefined) return makeState(trust);
  const state = recent.get(words) ?? makeState(trust);
  recent.delete(words);
  recent.set(words, state);
  const [oldest] = recent.keys();
  if (recent.size > maxRecent && oldest !== undefined) recent.delete(oldest);
  return state;
}

/** Gives what a new context has in common with others that trust the same; `undefined` where it has lists, was changed, or is too long. */
function wordsOf(trust: ContextTrust): string | undefined {
  const { ownAuthorities, hasDefaults, allowsPartialChain, revocationLists, version } = trust;
  const length = ownAuthorities.reduce((sum, der) => sum + der.length, 0);
  const isAsNew = version === 0 && revocationLists.length === 0 && !(hasDefaults && hasReplacedDefaults());
  if (!isAsNew || length > maxCompared) return undefined;
  const hash = createHash('sha256').update(JSON.stringify([hasDefaults, allowsPartialChain]));
  for (const der of ownAuthorities) hash.update(`${der.length} `).update(der);
  return hash.digest('base64');
}
