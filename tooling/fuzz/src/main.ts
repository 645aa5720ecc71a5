import process from 'node:process';
import { inspect, parseArgs } from 'node:util';
import { runCampaign, type Failure } from './campaign.ts';
import { fuzzers } from './fuzzers.ts';

const usage = `usage: node dist/main.js NAME [--seconds N | --cases N] [--seed N] [--case N]
  NAME: ${fuzzers.map(({ name }) => name).join(', ')}
  --case N runs that one alone, as a failure names it`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
  },
});
const fuzzer = fuzzers.find(({ name }) => name === positionals[0]);
if (fuzzer === undefined) {
  console.error(usage);
  process.exit(2);
}
const seed = number(values.seed) ?? Math.floor(Math.random() * 2 ** 32);
const one = number(values.case);
const { cases: given } = values;
const { seconds } = values;
const cases = one === undefined ? (number(given) ?? (seconds === undefined ? fuzzer.casesInTests : Infinity)) : 1;
console.log(`${fuzzer.name}: seed ${seed}`);
const done = await runCampaign(fuzzer, {
  seed,
  first: one ?? 0,
  cases,
  seconds: number(seconds) ?? Infinity,
  found: tell,
  ...(seconds === undefined ? {} : { progress: (count) => count % 100_000 === 0 && console.log(`${count} cases`) }),
});
console.log(`${fuzzer.name}: ${done.cases} cases, ${done.failures} failed (seed ${seed})`);
process.exitCode = done.failures === 0 ? 0 : 1;
// What a failed case left open must not keep the process alive.
if (done.failures > 0) process.exit();

function tell({ fuzzer: name, seed: failedSeed, index, error, notes }: Failure): void {
  console.log(`FAILED: rerun with: node dist/main.js ${name} --seed ${failedSeed} --case ${index}`);
  for (const note of notes) console.log(`  ${note}`);
  console.log(inspect(error, { depth: 4 }).replaceAll(/^/gm, '  '));
}

function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`expected a number, got ${text}`);
  return value;
}
