import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';
import { fuzzers } from '../src/fuzzers.ts';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');

/** Node 24, which most people run: its OpenSSL is another one than Node 20's. */
const [, [, node24]] = otherNodes;

/** In a process of its own: what is uncaught or left open there is found, and is not the test runner's. */
async function run(node: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(node, [main, ...args], { maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    throw new Error(`the fuzzer failed:\n${(error as { readonly stdout: string }).stdout}`, { cause: error });
  }
}

it.each(fuzzers.map(({ name }) => name))(
  'the fuzzer `%s` finds nothing, by a seed that is always the same and by a new one',
  async (name) => {
    const outputs = await Promise.all([run(process.execPath, [name, '--seed', '1']), run(node24, [name])]);
    for (const output of outputs) expect(output).toContain(', 0 failed');
  },
  600_000,
);
