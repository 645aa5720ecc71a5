import type { PublicKeyInfo } from '@org/tls-crypto';

/**
 * How much work one verification may be: a peer that is not trusted yet chooses how much there is. The figures keep it below five
 * honest handshakes. Of the paths that test suites and the public web have, none takes more than 11 steps, 8 signatures and 6
 * certificates between leaf and anchor.
 */
export const defaultLimits = {
  /** Certificates beside the leaf that are looked at; public test suites present 36, and a TLS message of 64 KiB has room for some 60. */
  presented: 64,
  /** Issuers that are tried, over all paths. */
  steps: 500,
  /** Cost of the signatures that are verified, in the unit of `verificationCost`. */
  signatures: 40,
  /** Revocation lists whose signature is verified: they are the configuration's, and are looked at when a path is good but for them. */
  lists: 100,
  /** Cheap ones: two short strings each. */
  nameComparisons: 250_000,
  /** Certificates between leaf and anchor. */
  intermediates: 6,
} as const;

/**
 * What a signature costs to verify with a key, after node:crypto's times: 1 is ECDSA with P-256, some 75 µs. Whoever trusts an anchor with a
 * dear key pays for it in honest handshakes too: the dearest count for less than their time, so that a whole chain of them fits.
 */
export function verificationCost(key: PublicKeyInfo): number {
  if (key.type === 'ec') return curveCosts[key.curve];
  if (key.type === 'rsa' || key.type === 'rsa-pss') return key.modulus.length > 512 ? 3 : 1;
  return otherCosts[key.type];
}

const curveCosts = { secp256r1: 1, secp384r1: 4, secp521r1: 8 } as const;
const otherCosts = { ed25519: 2, 'ml-dsa-44': 6, 'ml-dsa-65': 8, 'ml-dsa-87': 10 } as const;

/** Counts down; each method says whether there was enough left. */
export class WorkBudget {
  #signatures: number = defaultLimits.signatures;
  #lists: number = defaultLimits.lists;
  #steps: number = defaultLimits.steps;
  #nameComparisons: number = defaultLimits.nameComparisons;
  #isExhausted = false;

  /** Whether a limit was reached: the search then ends. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  takeSignature(key: PublicKeyInfo): boolean {
    this.#signatures -= verificationCost(key);
    return this.#check(this.#signatures);
  }

  takeList(): boolean {
    this.#lists -= 1;
    return this.#check(this.#lists);
  }

  takeStep(): boolean {
    this.#steps -= 1;
    return this.#check(this.#steps);
  }

  takeNameComparisons(count: number): boolean {
    this.#nameComparisons -= count;
    return this.#check(this.#nameComparisons);
  }

  #check(left: number): boolean {
    this.#isExhausted ||= left < 0;
    return !this.#isExhausted;
  }
}
