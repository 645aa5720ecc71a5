import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { loadAddon } from '../src/border/load-addon.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'border-fuzz.mjs');

/** More of it, or one that has failed again: BORDER_FUZZ_SEEDS=7,8 BORDER_FUZZ_ROUNDS=100000. */
const { BORDER_FUZZ_SEEDS = '1,2', BORDER_FUZZ_ROUNDS = '3000', PATH } = process.env;

interface Report {
  readonly thrown: number;
  readonly crypto: number;
  readonly done: number;
  readonly asked: number;
  readonly later: number;
  /** How often each function gave a value. */
  readonly returned: Readonly<Record<string, number>>;
}

describe('calls of the addon in random order with random arguments', () => {
  it.each(BORDER_FUZZ_SEEDS.split(','))(
    'end in a value or an exception, in two environments at once (seed %s)',
    { timeout: 60 * Number(BORDER_FUZZ_ROUNDS) + 120_000 },
    async (seed) => {
      const root = await createRoot();
      const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });
      const env = { PATH, PEMS: JSON.stringify({ root: root.certificatePem, chain: chainPem, key: privateKeyPem }) };
      // what a listener throws is an uncaught exception, as from everywhere else
      const flags = ['--force-node-api-uncaught-exceptions-policy=true'];
      const { stdout, stderr } = await run(process.execPath, [...flags, script, seed, BORDER_FUZZ_ROUNDS], { env });
      expect(stderr).toBe('');
      const report = JSON.parse(stdout) as Report;
      // it has been in every state
      for (const count of [report.thrown, report.crypto, report.done, report.asked, report.later])
        expect(count).toBeGreaterThan(0);
      const never = Object.keys(loadAddon()).filter((name) => name !== 'listen' && report.returned[name] === undefined);
      expect(never).toEqual([]);
    },
  );
});
