// Runs the kit and the cases of crypto providers in runtimes, and says what came of them:
// `node dist/main.js [--noble | --web] [node] [bun] [deno] [chromium]`.
import { runKitInChromium } from './chromium.ts';
import { leftOut, type Runtime } from './left-out.ts';
import type { Reports } from './reports.ts';
import { runCryptoIn, runKitIn } from './run-in-process.ts';

const runtimes = Object.keys(leftOut) as readonly Runtime[];
const given = process.argv.slice(2);
const isCrypto = (word: string): boolean => word === '--noble' || word === '--web';
const unknown = given.filter((word) => !isCrypto(word) && !runtimes.some((name) => name === word));
if (unknown.length > 0) throw new TypeError(`nobody knows ${unknown.join(', ')}`);
const crypto = given.includes('--noble') ? 'noble' : given.includes('--web') ? 'web' : 'default';
const isForAll = given.every(isCrypto);

for (const runtime of runtimes.filter((name) => isForAll || given.includes(name))) {
  for (const [what, run] of runsIn(runtime)) {
    const began = performance.now();
    const reports = await run();
    say(`${runtime}: ${what}`, reports, (performance.now() - began) / 1000);
  }
}

function runsIn(runtime: Runtime): readonly (readonly [what: string, run: () => Promise<Reports>])[] {
  if (runtime === 'chromium') return [['the kit without sockets, and crypto providers', runKitInChromium]];
  return [
    ['the kit', () => runKitIn(runtime, crypto)],
    ['crypto providers', () => runCryptoIn(runtime)],
  ];
}

function say(what: string, { all, failed, isComplete }: Reports, seconds: number): void {
  for (const { id, deviation, failure } of failed)
    console.log(`${what}: ${id}: ${failure ?? `it holds, though it should not: ${deviation}`}`);
  const deviations = all.filter(({ isOk, deviation }) => isOk && deviation !== undefined).length;
  const holding = all.length - failed.length - deviations;
  console.log(
    `${what}: ${holding} cases hold, ${deviations} are left out, ${failed.length} failed, ${seconds.toFixed(1)} s`,
  );
  if (failed.length > 0 || !isComplete) process.exitCode = 1;
}
