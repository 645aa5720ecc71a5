import { join } from 'node:path';
import type { ViteUserConfig } from 'vitest/config';
import { packageConfig } from '../../vitest.shared.ts';
import { applyMutant } from './src/apply-mutant.ts';
import { mutants } from './src/mutants.ts';

/** The environment variable that names the mutant to run with. */
const id = process.env['MUTANT'];
const mutant = mutants.find((each) => each.id === id);
if (mutant === undefined) throw new Error(`MUTANT names no mutant: ${id}`);
const file = join(import.meta.dirname, '..', '..', mutant.file);

/** The configuration of a package's tests, in which one source file is read with one check less. Nothing is written. */
const config: ViteUserConfig = {
  ...packageConfig('mutant', { testTimeout: 120_000, hookTimeout: 120_000 }),
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (text: string, path: string) => (path.split('?')[0] === file ? applyMutant(mutant, text) : undefined),
    },
  ],
};

export default config;
