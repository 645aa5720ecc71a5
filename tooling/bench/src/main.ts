import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { createRoot } from '@org/pki';
import { variants, type Variant } from './endpoint.ts';
import { Pair, type Sample } from './pair.ts';
import type { Workload } from './workload.ts';

type Timed = Exclude<Workload, 'idle memory'>;
type Floors = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** How many units a round has: connections, MiB, MiB, round trips. */
const amounts: Readonly<Record<Timed, number>> = { handshakes: 400, 'bulk up': 384, 'bulk down': 384, echo: 5000 };
const nobleAmounts: Readonly<Record<Timed, number>> = { handshakes: 10, 'bulk up': 4, 'bulk down': 4, echo: 200 };
const rounds = 5;
/** How many rounds are not counted: long-lived processes are compared, whose code is compiled. */
const warmUpRounds: Readonly<Record<Timed, number>> = { handshakes: 8, 'bulk up': 2, 'bulk down': 2, echo: 2 };
const idleConnections = 1000;
const nobleIdleConnections = 100;

const floors = JSON.parse(await readFile(new URL('../floors.json', import.meta.url), 'utf8')) as Floors;
const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const pems = { ca: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem };
const pairs = new Map<Variant, Pair>();
const failures: string[] = [];
const rows: Record<string, string | number>[] = [];

for (const variant of variants) {
  try {
    pairs.set(variant, await Pair.open(variant, pems));
  } catch (error) {
    if (variant in floors) failures.push(`${variant} is not there: ${String(error).split('\n', 1).join('')}`);
    rows.push({ workload: '-', variant, ratio: 'not there' });
  }
}
for (const workload of ['handshakes', 'bulk up', 'bulk down', 'echo'] as const) await compare(workload);
for (const [variant, pair] of pairs) {
  pair.close();
  const [client, server] = await idleMemory(variant);
  rows.push({ workload: 'idle KiB per connection', variant, client: client.toFixed(1), server: server.toFixed(1) });
}
console.table(rows);
await writeFile(
  new URL('../results.json', import.meta.url),
  `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
);
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Prints one row for each variant. A ratio below its floor is measured again with twice the rounds before it fails. */
async function compare(workload: Timed): Promise<void> {
  await interleave(workload, warmUpRounds[workload]);
  const samples = await interleave(workload, rounds);
  for (const variant of pairs.keys()) {
    const floor = floors[variant]?.[workload];
    let own = samples;
    if (floor !== undefined && ratio(own, variant) < floor) own = await interleave(workload, rounds * 2);
    const reached = ratio(own, variant);
    if (floor !== undefined && reached < floor) {
      failures.push(`${variant} in ${workload}: expected at least ${floor}, got ${reached.toFixed(2)}`);
    }
    const taken = own.get(variant) ?? [];
    rows.push({
      workload,
      variant,
      ratio: reached.toFixed(2),
      'per second': Math.round(median(taken.map((sample) => sample.rate))),
      'client CPU µs': Math.round(median(taken.map((sample) => sample.clientCpu))),
      'server CPU µs': Math.round(median(taken.map((sample) => sample.serverCpu))),
    });
  }
}

/** Measures in processes of their own, because memory that earlier work has freed would hide what connections take. */
async function idleMemory(variant: Variant): Promise<readonly [number, number]> {
  const pair = await Pair.open(variant, pems);
  try {
    await pair.sample('handshakes', variant === 'pure (noble)' ? 10 : 50);
    return await pair.idleKibibytes(variant === 'pure (noble)' ? nobleIdleConnections : idleConnections);
  } finally {
    pair.close();
  }
}

async function interleave(workload: Timed, count: number): Promise<ReadonlyMap<Variant, readonly Sample[]>> {
  const samples = new Map<Variant, Sample[]>();
  for (let round = 0; round < count; round += 1) {
    for (const [variant, pair] of pairs) {
      const amount = (variant === 'pure (noble)' ? nobleAmounts : amounts)[workload];
      const sample = await pair.sample(workload, amount);
      samples.set(variant, [...(samples.get(variant) ?? []), sample]);
    }
  }
  return samples;
}

/** Gives the median, over the rounds, of this variant's rate divided by that of node:tls in the same round. */
function ratio(samples: ReadonlyMap<Variant, readonly Sample[]>, variant: Variant): number {
  const baseline = samples.get('node:tls') ?? [];
  return median((samples.get(variant) ?? []).map(({ rate }, round) => rate / (baseline[round]?.rate ?? Number.NaN)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
