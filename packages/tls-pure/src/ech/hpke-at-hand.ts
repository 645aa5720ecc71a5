import { CipherSuite, LabeledExpand, LabeledExtract } from 'hpke';
import type { HpkeLibrary } from './hpke-library.ts';

/** The library as an import has it: for bundlers, which put it into their files, and wherever a file cannot be loaded at once. */
export function hpkeLibrary(): HpkeLibrary {
  return { CipherSuite, LabeledExpand, LabeledExtract };
}
