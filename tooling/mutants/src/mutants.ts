import type { Mutant } from './mutant.ts';
import { authenticationMutants } from './tables/authentication.ts';
import { certificateMutants } from './tables/certificates.ts';
import { helloMutants } from './tables/hellos.ts';
import { recordMutants } from './tables/records.ts';

/** Every check that is switched off. */
export const mutants: readonly Mutant[] = [
  ...recordMutants,
  ...helloMutants,
  ...authenticationMutants,
  ...certificateMutants,
];
