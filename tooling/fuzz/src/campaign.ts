import process from 'node:process';
import { Finding, type FuzzCase, type Fuzzer } from './fuzzer.ts';
import { Random } from './random.ts';

export interface CampaignOptions {
  readonly seed: number;
  /** The number of the first case; default 0. */
  readonly first?: number;
  /** How many cases are run; without it, `seconds` ends the campaign. */
  readonly cases?: number;
  readonly seconds?: number;
  /** Is told of each new kind of failure. */
  readonly found: (failure: Failure) => void;
  readonly progress?: (cases: number) => void;
}

/** A failure of a kind that was not seen before. */
export interface Failure {
  readonly fuzzer: string;
  readonly seed: number;
  readonly index: number;
  readonly error: unknown;
  readonly notes: readonly string[];
}

/**
 * Runs cases one after the other. What the process leaves uncaught counts against the case that runs.
 * @returns how many cases were run, and how many failed
 */
export async function runCampaign(
  fuzzer: Fuzzer,
  options: CampaignOptions,
): Promise<{ readonly cases: number; readonly failures: number }> {
  const { seed, first = 0, cases = Infinity, seconds = Infinity } = options;
  const fuzzCase = await fuzzer.start();
  const uncaught = new Uncaught(fuzzer.isOwn);
  const resources = process.getActiveResourcesInfo();
  const kinds = new Set<string>();
  const end = performance.now() + seconds * 1000;
  let failures = 0;
  let index = first;
  for (; index < first + cases && performance.now() < end; index += 1) {
    const notes: string[] = [];
    const error = await failureOf(fuzzCase, new Random(seed, index), notes, uncaught);
    if ((index + 1) % 1000 === 0) options.progress?.(index + 1 - first);
    if (error === undefined) continue;
    failures += 1;
    const kind = kindOf(error);
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    options.found({ fuzzer: fuzzer.name, seed, index, error, notes });
  }
  uncaught.stop();
  const left = await leftOpen(resources);
  if (left.length > 0) {
    failures += 1;
    options.found({ fuzzer: fuzzer.name, seed, index, error: new Finding(`left open: ${left.join(', ')}`), notes: [] });
  }
  return { cases: index - first, failures };
}

async function failureOf(fuzzCase: FuzzCase, random: Random, notes: string[], uncaught: Uncaught): Promise<unknown> {
  try {
    await fuzzCase(random, (line) => notes.push(line));
    // Unhandled rejections are reported after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    return uncaught.take();
  } catch (error) {
    return error;
  }
}

/** Gives what keeps the process running and did not before, after it had some turns to go away. */
async function leftOpen(before: readonly string[]): Promise<readonly string[]> {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const known = [...before];
  return process.getActiveResourcesInfo().filter((resource) => {
    const at = known.indexOf(resource);
    if (at >= 0) known.splice(at, 1);
    return at < 0 && resource !== 'Immediate';
  });
}

/** Collects errors that nobody caught. */
class Uncaught {
  #error: unknown;
  readonly #listener = (error: unknown): void => {
    if (!this.#isOwn(error)) this.#error ??= new Error('uncaught', { cause: error });
  };
  readonly #isOwn: (error: unknown) => boolean;

  constructor(isOwn: (error: unknown) => boolean = () => false) {
    this.#isOwn = isOwn;
    process.on('uncaughtException', this.#listener);
    process.on('unhandledRejection', this.#listener);
  }

  take(): unknown {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  stop(): void {
    process.off('uncaughtException', this.#listener);
    process.off('unhandledRejection', this.#listener);
  }
}

/** Failures are of one kind when they have the same message, without its numbers, and the same origin. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? kindOf(error.cause) : '';
  const origin = /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name} ${error.message.replaceAll(/\d+/g, '#')} ${origin} ${cause}`;
}
