import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A process has one library, and this variable says which one it is. */
const isOfNode = process.env['TLS_NATIVE_LIBRARY'] === 'node';

const file = join(import.meta.dirname, 'src', 'left-out.json');
const lists = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
  Record<'SChannel' | 'OpenSSL', Readonly<Record<string, readonly string[]>>>
>;
const leftOut = lists[isOfNode ? 'OpenSSL' : 'SChannel'];

/** For node.exe under Wine, in the staged folder; nothing here is run on Linux. */
export default defineConfig({
  test: {
    name: 'windows',
    include: [isOfNode ? 'test/of-node/*.test.ts' : 'test/*.test.ts'],
    testNamePattern: new RegExp(`^(?!.*(?:${Object.values(leftOut).flat().join('|')}):)`),
    reporters: ['default', 'json'],
    // Wine has not what Node's channel to a child process is made of
    pool: 'threads',
    // its server has one thread: two workers are no faster, and time limits are missed
    maxWorkers: 1,
    allowOnly: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
