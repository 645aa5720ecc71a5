import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'terminate-workers.mjs');

it.each([['this Node', process.execPath], ...otherNodes] as const)(
  'on %s, workers that are terminated while they are in the addon do not abort the process',
  async (_name, node) => {
    const env = { PATH: process.env['PATH'], ROOT: (await createRoot()).certificatePem };
    expect(await run(node, [script], { env })).toEqual({ stdout: '', stderr: '' });
  },
);
