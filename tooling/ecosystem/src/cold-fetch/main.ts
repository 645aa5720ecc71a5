// Fetches 50 resources of an origin over HTTP/2 with a new client, and says how many connections that took and how long, beside undici:
//   node dist/cold-fetch/main.js

import { resolveBackend } from '@org/tls-core/config';
import { overOurs, overUndici, startOrigin, type ColdFetch, type Plan } from './cold-fetch.ts';

const rounds = 9;
const plans: readonly Plan[] = [
  { pattern: 'page first', resources: 50 },
  { pattern: 'page first', resources: 50, connections: 6 },
  { pattern: 'all at once', resources: 50 },
  { pattern: 'all at once', resources: 50, connections: 6 },
];

const origin = await startOrigin();
const load = async (name: string) => ({ name, backend: await resolveBackend(name, { from: import.meta.url }) });
const backends = await Promise.all(['pure', 'native'].map(load));
console.log('| pattern | limit | client | connections | time | beside undici |\n| --- | --- | --- | --- | --- | --- |');
for (const plan of plans) {
  const ways = [
    { name: 'undici', fetch: () => overUndici(origin, plan) },
    ...backends.map(({ name, backend }) => ({ name, fetch: () => overOurs(origin, backend, plan) })),
  ];
  const runs: ColdFetch[][] = ways.map(() => []);
  // they take turns, so that what else the machine does meets them all
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, way] of ways.entries()) runs[at]?.push(await way.fetch());
  }
  const [undici = 1] = runs.map((each) => median(each.map(({ time }) => time)));
  for (const [at, { name }] of ways.entries()) {
    const own = runs[at] ?? [];
    const time = median(own.map((run) => run.time));
    const cells = [plan.pattern, plan.connections ?? 'none', name, median(own.map((run) => run.connections))];
    console.log(`| ${[...cells, `${time.toFixed(0)} ms`, (time / undici).toFixed(2)].join(' | ')} |`);
  }
}
await origin[Symbol.asyncDispose]();

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
