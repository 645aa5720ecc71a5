import type { Mutant } from './mutant.ts';
import { certificateMutants } from './tables/certificates.ts';
import { recordMutants } from './tables/records.ts';

/** Every check that is switched off. */
export const mutants: readonly Mutant[] = [...recordMutants, ...certificateMutants];
