import process from 'node:process';
import { isTlsError } from '@org/tls-core';
import { createSubject } from '../subject.ts';
import { makePeople } from '../people.ts';
import { clientStage } from '../stages.ts';
import { Victim } from '../victim.ts';
import { hostileFiles, type HostileFile } from './hostile-files.ts';

/** What one file cost. */
export interface FileCost {
  readonly name: string;
  readonly bytes: number;
  /** The CPU, in honest handshakes of a client of tls-pure. */
  readonly ratio: number;
  /** The code with which it was refused; `undefined` where it was read. */
  readonly code: string | undefined;
}

/**
 * How many honest handshakes a file may cost. A handshake takes about 2 ms where the files were measured, and no file is to take 250 ms of the event loop
 * on a machine that is half as fast.
 */
const mostHandshakes = 60;

export function isCheapEnough({ ratio }: FileCost): boolean {
  return ratio <= mostHandshakes;
}

/** @param rounds how often each file is read before the median is taken */
export async function* measureFiles(rounds: number): AsyncGenerator<FileCost> {
  const honest = await honestHandshake();
  for (const file of await hostileFiles()) {
    let cost = await measureFile(file, honest, rounds);
    // Other work on the machine can only add to what is measured.
    for (let again = 0; again < 4 && !isCheapEnough(cost); again += 1) {
      const next = await measureFile(file, honest, rounds);
      cost = next.ratio < cost.ratio ? next : cost;
    }
    yield cost;
  }
}

async function measureFile(
  { name, bytes, use }: HostileFile,
  honest: () => Promise<number>,
  rounds: number,
): Promise<FileCost> {
  const costs: number[] = [];
  const handshakes: number[] = [];
  let code: string | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    try {
      use();
    } catch (error) {
      if (!isTlsError(error)) throw error;
      code = error.code;
    }
    const { user, system } = process.cpuUsage(before);
    costs.push(user + system);
    handshakes.push(await honest());
  }
  return { name, bytes, ratio: median(costs) / median(handshakes), code };
}

async function honestHandshake(): Promise<() => Promise<number>> {
  const subject = 'pure (node)';
  const people = await makePeople();
  const stage = clientStage({ subject, backend: createSubject(subject), version: 'TLSv1.3', people }, () => undefined);
  return async () => {
    const victim = new Victim(stage.victim);
    await stage.honest(victim);
    victim.engine.destroy();
    return victim.cpu;
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
