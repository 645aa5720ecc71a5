import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const file = join(import.meta.dirname, 'src', 'left-out.json');
const leftOut = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>;

/** For node.exe under Wine, in the staged folder; nothing here is run on Linux. */
export default defineConfig({
  test: {
    name: 'windows',
    include: ['test/**/*.test.ts'],
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
