import type { PublicKeyInfo } from '../crypto/provider.ts';

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
  signatures: 96,
  /** Cheap ones: two short strings each. */
  nameComparisons: 250_000,
  /** Certificates between leaf and anchor. */
  intermediates: 6,
} as const;

/** What a signature costs to verify with a key, as measured with node:crypto: 1 is ECDSA with P-256, some 75 µs. */
export function verificationCost(key: PublicKeyInfo): number {
  if (key.type === 'ec') return curveCosts[key.curve];
  if (key.type === 'rsa' || key.type === 'rsa-pss') return key.modulus.length > 512 ? 4 : 1;
  return otherCosts[key.type];
}

const curveCosts = { secp256r1: 1, secp384r1: 8, secp521r1: 16 } as const;
/** ML-DSA where the platform does not have it. */
const otherCosts = { ed25519: 2, 'ml-dsa-44': 20, 'ml-dsa-65': 24, 'ml-dsa-87': 32 } as const;

/** Counts down; each method says whether there was enough left. */
export class WorkBudget {
  #signatures: number = defaultLimits.signatures;
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
