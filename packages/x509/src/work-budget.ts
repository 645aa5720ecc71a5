import type { PublicKeyInfo } from '@org/tls-crypto';

/**
 * The limits of the work that one verification may be, because a peer that is not trusted yet chooses how much there is. The figures keep
 * the work below that of five honest handshakes. In test suites and on the public web no path needs more than 11 steps, 8 signatures and 6
 * certificates between leaf and anchor.
 */
export const defaultLimits = {
  /**
   * How many certificates beside the leaf are looked at. Public test suites present 36, and a TLS message of 64 KiB has room for some 60.
   */
  presented: 64,
  /** How many issuers are tried, over all paths. */
  steps: 500,
  /** The cost of all signatures that are verified, in the unit of `verificationCost`. */
  signatures: 40,
  /**
   * The cost of all signatures of revocation lists that are verified. The lists are the configuration's, and are only looked at when the path
   * is good otherwise. A CA that divides its lists has one of them about a certificate, and the others are passed over.
   */
  lists: 100,
  /** How many names are compared, each with one constraint: those of the largest certificates that CAs sell, of 2,000 names, below 64 constraints. */
  nameComparisons: 128_000,
  /** How many certificates may stand between leaf and anchor. */
  intermediates: 6,
} as const;

/**
 * Gives the cost of verifying a signature with a key, by the times of node:crypto: 1 is ECDSA with P-256, some 75 µs. Whoever trusts an
 * anchor with an expensive key pays for it in honest handshakes too. The most expensive keys count for less than their time, so that a
 * whole chain of them fits.
 */
export function verificationCost(key: PublicKeyInfo): number {
  if (key.type === 'ec') return curveCosts[key.curve];
  if (key.type === 'rsa' || key.type === 'rsa-pss') return key.modulus.length > 512 ? 3 : 1;
  return otherCosts[key.type];
}

const curveCosts = { secp256r1: 1, secp384r1: 4, secp521r1: 8 } as const;
const otherCosts = { ed25519: 2, 'ml-dsa-44': 6, 'ml-dsa-65': 8, 'ml-dsa-87': 10 } as const;

/** Counts the work down; each method tells whether enough was left. */
export class WorkBudget {
  #signatures: number = defaultLimits.signatures;
  #lists: number = defaultLimits.lists;
  #steps: number = defaultLimits.steps;
  #nameComparisons: number = defaultLimits.nameComparisons;
  #isExhausted = false;

  /** Whether a limit was reached, which ends the search. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  takeSignature(key: PublicKeyInfo): boolean {
    this.#signatures -= verificationCost(key);
    return this.#check(this.#signatures);
  }

  takeList(key: PublicKeyInfo): boolean {
    this.#lists -= verificationCost(key);
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
