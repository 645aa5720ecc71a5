// Runs the kit in runtimes and says what came of it: `node dist/main.js [--noble] [node] [bun] [deno] [chromium]`.
import { runKitInChromium } from './chromium.ts';
import { leftOut, type Runtime } from './left-out.ts';
import type { Reports } from './reports.ts';
import { runKitIn } from './run-in-process.ts';

const [names, flags] = [[], []] as [string[], string[]];
for (const argument of process.argv.slice(2)) (argument.startsWith('-') ? flags : names).push(argument);
const known = Object.keys(leftOut) as Runtime[];
const unknown = [
  ...names.filter((name) => !known.some((each) => each === name)),
  ...flags.filter((flag) => flag !== '--noble'),
];
if (unknown.length > 0) throw new TypeError(`nobody knows ${unknown.join(', ')}`);

for (const runtime of known.filter((each) => names.length === 0 || names.includes(each))) {
  const began = performance.now();
  const reports = await run(runtime);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  for (const { id, deviation, failure } of reports.failed)
    console.log(`${runtime}: ${id}: ${failure ?? `it holds, though it should not: ${deviation}`}`);
  const deviations = reports.all.filter(({ deviation }) => deviation !== undefined);
  const failed = reports.failed.length;
  console.log(
    `${runtime}: ${reports.all.length - failed - deviations.length} cases hold, ${deviations.length} are left out, ${failed} failed, ${seconds} s`,
  );
  if (failed > 0 || !reports.isComplete) process.exitCode = 1;
}

function run(runtime: Runtime): Promise<Reports> {
  if (runtime === 'chromium') return runKitInChromium();
  return runKitIn(runtime, flags.includes('--noble') ? 'noble' : 'default');
}
