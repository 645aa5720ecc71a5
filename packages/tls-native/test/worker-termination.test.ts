import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'terminate-workers.mjs');
const binary = join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node');
const require = createRequire(import.meta.url);

it.each([
  ['this Node', process.execPath],
  ['Node 22', join(dirname(require.resolve('node-22/package.json')), 'bin', 'node')],
  ['Node 24', join(dirname(require.resolve('node-24/package.json')), 'bin', 'node')],
])('on %s, workers that are terminated while they are in the addon do not abort the process', async (_name, node) => {
  expect(await run(node, [script, binary])).toEqual({ stdout: '', stderr: '' });
});
