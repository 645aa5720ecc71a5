// Runs mutants: node dist/main.js [--write] [part of an id …]. Without a part it runs all of them. The exit code is 1 when one survives.

import { writeFile } from 'node:fs/promises';
import { mutantsPage } from './documentation.ts';
import { mutants } from './mutants.ts';
import { runMutant } from './run-mutant.ts';

const atOnce = 2;

async function main(parts: readonly string[]): Promise<void> {
  const chosen = mutants.filter(({ id }) => parts.length === 0 || parts.some((part) => id.includes(part)));
  const waiting = [...chosen];
  const survivors: string[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const { killers, output } = await runMutant(mutant);
      console.log(`${killers.length > 0 ? 'killed  ' : 'SURVIVED'} ${mutant.id}: ${killers[0] ?? output.slice(-2000)}`);
      if (killers.length === 0) survivors.push(mutant.id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`${chosen.length - survivors.length} killed, ${survivors.length} survived ${survivors.join(', ')}`);
  if (survivors.length > 0 || chosen.length === 0) process.exitCode = 1;
}

const page = new URL('../../../docs/mutants.md', import.meta.url);
const [first, ...rest] = process.argv.slice(2);
if (first === '--write') await writeFile(page, mutantsPage(mutants));
else await main(first === undefined ? [] : [first, ...rest]);
