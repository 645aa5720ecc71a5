import type { CHash } from '@noble/hashes/utils.js';

/** A hash function that files of people use. */
export interface HashFunction {
  /** OpenSSL's name. */
  readonly name: string;
  readonly byNoble: CHash;
}
