import { setFlagsFromString } from 'node:v8';
import process from 'node:process';
import { runInNewContext } from 'node:vm';
import { maxHeldInput } from '@org/tls-core/backend';
import type { Play, Stage } from './attack.ts';
import { Victim } from './victim.ts';

/** What an attack did to its victims. */
export interface Measured {
  /** How many bytes one victim read. */
  readonly bytes: number;
  /** The victim's CPU, in honest handshakes. */
  readonly ratio: number;
  /** How many bytes of memory one victim holds while its connection is still open. */
  readonly held: number;
  /** How it ended: the code of the victim's error, or `undefined` when it waits for more. */
  readonly code: string | undefined;
}

/** How much is measured before a median is taken. */
export interface Effort {
  /** How many microseconds of CPU an attack may take in all its rounds: slow attacks have fewer rounds. */
  readonly cpu: number;
  readonly leastRounds: number;
  readonly mostRounds: number;
}

export const efforts = {
  quick: { cpu: 60_000, leastRounds: 5, mostRounds: 25 },
  thorough: { cpu: 400_000, leastRounds: 9, mostRounds: 101 },
} as const satisfies Readonly<Record<string, Effort>>;

export async function measure(stage: Stage, effort: Effort): Promise<Measured> {
  await warmUp(stage);
  const attack: number[] = [];
  const honest: number[] = [];
  let spent = 0;
  // The two alternate, so that whatever else the machine does affects both.
  while (attack.length < effort.leastRounds || (attack.length < effort.mostRounds && spent < effort.cpu)) {
    const cost = (await played(stage, stage.attack)).cpu;
    attack.push(cost);
    honest.push((await honestly(stage)).cpu);
    spent += cost;
  }
  const last = await played(stage, stage.attack);
  return {
    bytes: last.received,
    ratio: median(attack) / median(honest),
    held: await mostHeld(stage, last.received),
    code: last.failure?.code,
  };
}

/** Runs the code so often that it is compiled: a first run takes longer than later ones. */
async function warmUp(stage: Stage): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const { info, failure } = await honestly(stage);
    if (info === undefined) throw new Error('the honest handshake failed', { cause: failure });
    await played(stage, stage.attack);
  }
}

function honestly(stage: Stage): Promise<Victim> {
  return played({ ...stage, victim: stage.honestVictim ?? stage.victim }, stage.honest);
}

async function played(stage: Stage, play: Play): Promise<Victim> {
  const victim = new Victim(stage.victim);
  await play(victim);
  victim.engine.destroy();
  return victim;
}

/** Measures what is held after the last byte, just before it, and before the bound of held input is reached, and gives the most. */
async function mostHeld(stage: Stage, length: number): Promise<number> {
  const appetites = [Infinity, length - 1, maxHeldInput].filter(
    (appetite) => appetite < length || appetite === Infinity,
  );
  let most = 0;
  for (const appetite of new Set(appetites)) most = Math.max(most, await held(stage, appetite));
  return most;
}

/** How many victims are held at once: enough that other memory of the process does not matter. */
const victimsHeld = 8;

/** @param appetite how many bytes each victim takes: just before the last byte, one may hold more than after it */
async function held(stage: Stage, appetite: number): Promise<number> {
  const victims: Victim[] = [];
  const before = memory();
  for (let count = 0; count < victimsHeld; count += 1) {
    const victim = new Victim(stage.victim, appetite);
    await stage.attack(victim);
    victim.take();
    victims.push(victim);
  }
  const after = memory();
  for (const { engine } of victims) engine.destroy();
  return Math.max(0, (after - before) / victimsHeld);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memory(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
