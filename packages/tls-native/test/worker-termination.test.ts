import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'terminate-workers.mjs');
const binary = join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node');

it.each([['this Node', process.execPath], ...otherNodes] as const)(
  'on %s, workers that are terminated while they are in the addon do not abort the process',
  async (_name, node) => {
    expect(await run(node, [script, binary])).toEqual({ stdout: '', stderr: '' });
  },
);
