import { isTlsError, type MaybePromise, type TlsErrorCode } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import type { Certificate, VerifiedChain } from '@org/x509';
import { buildChain } from './chain-building.ts';
import { certificateFrom } from './chain-certificate.ts';
import { chainFault, provenPathFault } from './chain-faults.ts';
import type { ContextTrust } from './context-trust.ts';
import type { SecureContext } from './secure-context.ts';
import { stateOf } from './trust-state.ts';
import { nodeVerifyError, verifyError } from './verify-error.ts';

/** What Node's verifier would say of a peer. */
export interface Verdict {
  /** The reason why the peer is not to be trusted, with Node's code and text. */
  readonly error: Error | undefined;
  /** DER, leaf first: the path that was proven, else as much of one as could be built. */
  readonly path: readonly Uint8Array[];
}

/**
 * Judges a chain (DER, leaf first) as a context does, without the name that it is for. An empty chain is no fault here: whether a peer must
 * have a certificate is for the caller to say.
 */
export type ChainVerifier = (chain: readonly Uint8Array[]) => MaybePromise<Verdict>;

/**
 * Gives what judges the peers of a context. A chain that our own verifier accepts by its profile `compatible` is accepted. For any other one
 * it is found out what OpenSSL says of it, by OpenSSL's own rules; where that is nothing, the chain is accepted too if all that ours has
 * against it is its form or the purpose of the leaf.
 * @param role ours: a client judges servers
 */
export function verifierOf({ trust }: SecureContext, role: 'client' | 'server'): ChainVerifier {
  const judge = new ChainJudge(trust, role === 'client' ? 'server' : 'client');
  return (chain) => (chain.length === 0 ? { error: undefined, path: [] } : judge.verdictOn(chain));
}

class ChainJudge {
  readonly #trust: ContextTrust;
  readonly #purpose: 'server' | 'client';

  constructor(trust: ContextTrust, purpose: 'server' | 'client') {
    this.#trust = trust;
    this.#purpose = purpose;
  }

  verdictOn(chain: readonly Uint8Array[]): MaybePromise<Verdict> {
    const { store, revocationLists, judges } = stateOf(this.#trust);
    // with lists, OpenSSL's rules speak first: ours would refuse lists that it reads
    const isPlain = revocationLists.length === 0;
    const byRules = isPlain ? undefined : this.#byOpenSsl(chain);
    const judgeChain = judges[this.#purpose];
    if (byRules?.error !== undefined || judgeChain === undefined) return byRules ?? this.#byOpenSsl(chain);
    const refused = (error: unknown): Verdict => this.#refused(chain, error);
    try {
      const verified = judgeChain({
        chain: [...chain, ...store.intermediates.map(({ der }) => der)],
        serverName: undefined,
        staple: undefined,
        time: Date.now(),
      });
      if (!isPromiseLike(verified)) return this.#proven(verified);
      return verified.then((proven) => this.#proven(proven), refused);
    } catch (error) {
      return refused(error);
    }
  }

  /** What our own verifier accepts, and OpenSSL may not. */
  #proven({ path }: VerifiedChain): Verdict {
    const certificates = path.map(certificateFrom).filter((each) => each !== undefined);
    const fault = provenPathFault(certificates, { purpose: this.#purpose });
    return { error: fault && verifyError(fault), path };
  }

  #refused(chain: readonly Uint8Array[], error: unknown): Verdict {
    if (!isTlsError(error)) throw error;
    const byRules = this.#byOpenSsl(chain);
    if (byRules.error !== undefined || isOnlyForm(error.code, byRules.certificates)) return byRules;
    return { ...byRules, error: nodeVerifyError(error.nodeCode ?? 'UNSPECIFIED', error.message, error) };
  }

  #byOpenSsl(chain: readonly Uint8Array[]): Verdict & { readonly certificates: readonly Certificate[] } {
    const { store, revocationLists } = stateOf(this.#trust);
    const time = Date.now();
    const [first, ...others] = chain.slice(0, maxPresented);
    const leaf = first && certificateFrom(first);
    if (leaf === undefined) {
      const words = 'the certificate cannot be read by @org/x509';
      return { error: nodeVerifyError('UNSPECIFIED', words), path: chain.slice(0, 1), certificates: [] };
    }
    const presented = others.map(certificateFrom).filter((each) => each !== undefined);
    const built = buildChain(leaf, presented, store, time);
    const fault = chainFault(built, { purpose: this.#purpose, time, revocationLists, store });
    return {
      error: fault && verifyError(fault),
      path: built.path.map(({ der }) => der),
      certificates: built.path,
    };
  }
}

/** What of our own verifier is stricter than OpenSSL and only a matter of form. A CA's name constraints are no such thing. */
const formCodes: readonly TlsErrorCode[] = ['ERR_TLS_CERTIFICATE_BAD', 'ERR_TLS_CERTIFICATE_PURPOSE'];

function isOnlyForm(code: TlsErrorCode, path: readonly Certificate[]): boolean {
  return formCodes.includes(code) && path.slice(1).every(({ nameConstraints }) => nameConstraints === undefined);
}

/** How many of a peer's certificates are read. More than these are in no honest chain, and 64 KiB have room for hundreds. */
const maxPresented = 65;
