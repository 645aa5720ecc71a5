import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'handshake.mjs');
const leakScript = join(import.meta.dirname, 'scripts', 'leak.mjs');
const nodes = [['this Node', process.execPath], ...otherNodes] as const;

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  env = {
    PATH: process.env['PATH'],
    PEMS: JSON.stringify({ root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem }),
  };
});

async function answerOf(
  node: string,
  mode: string,
  flags: readonly string[] = [],
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await run(node, [...flags, script, mode], { env });
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

describe.each(nodes)('on %s', (_name, node) => {
  it('one OpenSSL does the whole handshake, the system’s or the one inside Node', async () => {
    const answer = await answerOf(node, 'complete');
    expect(answer).toMatchObject({ protocol: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' });
    expect(answer['path']).toMatch(/\/(?:libssl\.so\.3|node[^/]*)$/);
    expect(answer['implementation']).toBe(answer['version']);
    expect(answer['version']).toMatch(/^OpenSSL 3\.\d+\.\d+$/);
  });

  it('four worker threads load it and are terminated in the middle of handshakes', async () => {
    expect(await answerOf(node, 'workers')).toEqual({
      answers: Array.from({ length: 4 }, () => 'TLSv1.3'),
      codes: [1, 1, 1, 1],
      after: 'TLSv1.3',
    });
  });

  it('a process that exits in the middle of a handshake ends in order', async () => {
    expect(await answerOf(node, 'exit')).toEqual({ left: 'in the middle' });
  });
});

it.each([
  ['in the middle of a handshake', 'collect'],
  ['that rest in a question nobody answers', 'collectAsked'],
])('engines %s that nobody destroyed are collected, and their contexts', async (_what, mode) => {
  const answer = await answerOf(process.execPath, mode, ['--expose-gc']);
  // a connection in its handshake holds some 100 KiB
  expect(answer['growthPerEngine']).toBeLessThan(10_000);
});

it('thousands of connections leave nothing behind', async () => {
  const count = process.env['TEST_SCOPE'] === 'whole' ? 8000 : 2500;
  const { stdout } = await run(process.execPath, ['--expose-gc', leakScript, String(count)], { env });
  const { made, growthPerConnection } = JSON.parse(stdout) as { made: number; growthPerConnection: number };
  expect(made).toBeGreaterThanOrEqual(2000 + count);
  // one lost session, certificate or buffer is more; what is left is the heaps' unrest
  expect(growthPerConnection).toBeLessThan(1000);
});
