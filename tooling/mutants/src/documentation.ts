import type { Mutant } from './mutant.ts';

/** Writes the page that lists every mutant with the file of the tests that fail without the check. */
export function mutantsPage(mutants: readonly Mutant[]): string {
  const rows = mutants.map(({ id, file, killedBy }) => `| ${id} | \`${file}\` | \`${killedBy}\` |`);
  return [
    '# Checks that a test would miss',
    '',
    `Each row is a security check that is switched off in turn; a test of the file beside it must fail then. There are ${mutants.length}.`,
    '`pnpm --filter @org/mutants start` runs them all, `npm test` runs a sample and sees that no row is stale. The page is made of',
    '`tooling/mutants/src/tables`; `pnpm --filter @org/mutants start --write` writes it.',
    '',
    '| without the check | in | fails |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
