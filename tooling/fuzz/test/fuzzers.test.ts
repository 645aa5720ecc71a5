import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fuzzers } from '../src/fuzzers.ts';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');

/** In a process of its own: what is uncaught or left open there is found, and is not the test runner's. */
function run(...args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [main, ...args], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 });
  } catch (error) {
    throw new Error(`the fuzzer failed:\n${(error as { readonly stdout: string }).stdout}`, { cause: error });
  }
}

it.each(fuzzers.map(({ name }) => name))(
  'the fuzzer `%s` finds nothing, by a seed that is always the same and by a new one',
  (name) => {
    expect(run(name, '--seed', '1')).toContain(', 0 failed');
    expect(run(name)).toContain(', 0 failed');
  },
  600_000,
);
