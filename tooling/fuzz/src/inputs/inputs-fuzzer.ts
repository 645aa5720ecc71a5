import process from 'node:process';
import { isTlsError } from '@org/tls-core';
import { Finding, type FuzzCase, type Fuzzer } from '../fuzzer.ts';
import { certificateTargets } from './certificate-targets.ts';
import { real } from './corpus.ts';
import { identityTargets } from './identity-targets.ts';
import type { Target } from './target.ts';

const targets: readonly Target[] = [...certificateTargets, ...identityTargets];

/** Reads DER, certificates, lists, OCSP, PEM, PKCS#8, PKCS#12, JWK and ECH configurations that were real before they were damaged. */
export const inputsFuzzer: Fuzzer = {
  name: 'inputs',
  casesInTests: 4000,
  async start() {
    const honest = new Map<Target, number>();
    for (const target of targets) honest.set(target, await honestCpu(target));
    const fuzzCase: FuzzCase = async (random, note) => {
      const target = random.pick(targets);
      const seed = random.pick(target.seeds);
      const input = target.damage(random, seed);
      note(`${target.name}, from ${seed}: ${Buffer.from(input).toString('base64')}`);
      const cpu = await cpuOf(target, input);
      const most = (honest.get(target) ?? 0) * mostRatio + grace;
      if (cpu > most) throw new Finding(`${target.name} took ${cpu} µs of CPU, expected at most ${most}`);
    };
    return fuzzCase;
  },
};

/** An input may take so many times the CPU of a real one, and so many microseconds more, in which the machine may collect garbage. */
const mostRatio = 50;
const grace = 300_000;

/** Measures what a real input takes at most. */
async function honestCpu(target: Target): Promise<number> {
  const costs: number[] = [];
  for (const seed of target.seeds) {
    for (let run = 0; run < 3; run += 1) costs.push(await cpuOf(target, real(seed)));
  }
  if (costs.length === 0) throw new Error(`${target.name} has no seeds`);
  return Math.max(...costs);
}

async function cpuOf(target: Target, input: Uint8Array): Promise<number> {
  const before = process.cpuUsage();
  try {
    await target.act(input);
  } catch (error) {
    if (!isTlsError(error)) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
