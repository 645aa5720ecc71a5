import { defineConfig } from 'vitest/config';

/** For node.exe under Wine, in the staged folder; nothing here is run on Linux. */
export default defineConfig({
  test: {
    name: 'windows',
    include: ['test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'report.json' },
    // Wine has not what Node's channel to a child process is made of
    pool: 'threads',
    // its server has one thread: two workers are no faster, and time limits are missed
    maxWorkers: 1,
    allowOnly: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
