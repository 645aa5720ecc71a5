import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';

const run = promisify(execFile);
const scriptOf = (name: string): string => join(import.meta.dirname, 'scripts', `${name}.mjs`);
const env = { PATH: process.env['PATH'] };

it.each([['this Node', process.execPath], ...otherNodes] as const)(
  'on %s, workers that use nativeCrypto may be terminated at any time',
  async (_name, node) => {
    expect(await run(node, [scriptOf('crypto-workers')], { env })).toEqual({ stdout: '', stderr: '' });
  },
);

it('what OpenSSL holds for an object goes with the object', async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', scriptOf('crypto-leak')], { env });
  // 16,000 of each would be 60 MiB
  expect(Number(stdout)).toBeLessThan(15 * 2 ** 20);
});
