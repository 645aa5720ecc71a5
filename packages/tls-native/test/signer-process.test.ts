import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'signers.mjs');

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  env = {
    PATH: process.env['PATH'],
    PEMS: JSON.stringify({ root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem }),
  };
});

async function answerOf(mode: string, node: string = process.execPath): Promise<Readonly<Record<string, unknown>>> {
  const { stdout, stderr } = await run(node, ['--expose-gc', script, mode], { env });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe.each([['this Node', process.execPath], ...otherNodes] as const)('on %s', (_name, node) => {
  it('workers that are terminated while their connections rest in signatures end in order', async () => {
    expect(await answerOf('workers', node)).toEqual({ workers: 4 });
  });

  it('a process that exits while its connections rest in signatures ends in order', async () => {
    expect(await answerOf('exit', node)).toEqual({ left: 6 });
  });
});

it.each([
  ['that are destroyed while they rest in a signature', 'destroy'],
  ['that nobody destroyed while they rest in a signature', 'collect'],
  ['with two signatures each', 'complete'],
])(
  'connections %s leave nothing behind',
  async (_what, mode) => {
    // a connection in its handshake holds some 100 KiB
    expect((await answerOf(mode))['growthPerConnection']).toBeLessThan(5000);
  },
  120_000,
);
