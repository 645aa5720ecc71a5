import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { applyMutant } from '../src/apply-mutant.ts';
import { mutantsPage } from '../src/documentation.ts';
import { mutants } from '../src/mutants.ts';
import { runMutant } from '../src/run-mutant.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every so many mutants one is run here; all of them take some minutes (`npm run test:whole`). */
const sampleStep = process.env['TEST_SCOPE'] === 'whole' ? 1 : 60;

describe('the table of mutants', () => {
  test('has at least 300 rows, each with a name of its own', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(300);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  });

  test.each(mutants)('$id finds its check', async (mutant) => {
    const text = await readFile(root + mutant.file, 'utf8');
    expect(applyMutant(mutant, text)).not.toBe(text);
    expect((await readFile(root + mutant.killedBy, 'utf8')).length).toBeGreaterThan(0);
  });

  test('is what the documentation lists', async () => {
    expect(await readFile(`${root}docs/mutants.md`, 'utf8')).toBe(mutantsPage(mutants));
  });
});

describe('a check that is switched off', () => {
  const sample = mutants.filter((_, index) => index % sampleStep === 0);

  test.each(sample)('fails a test: $id', async (mutant) => {
    const { killers, output } = await runMutant(mutant);
    expect(killers, output).not.toHaveLength(0);
  });
});
