import type { CipherSuite, LabeledExpand, LabeledExtract } from 'hpke';

/** What Encrypted Client Hello takes of the package `hpke`. */
export interface HpkeLibrary {
  readonly CipherSuite: typeof CipherSuite;
  readonly LabeledExpand: typeof LabeledExpand;
  readonly LabeledExtract: typeof LabeledExtract;
}
