import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { otherNodes } from '@org/node-matrix';
import { createRoot } from '@org/pki';
import { createBackend } from '../src/index.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'offload.mjs');
const both = ['TLSv1.3', 'TLSv1.3'];

let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
  const pems = { root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem };
  env = { PATH: process.env['PATH'], PEMS: JSON.stringify(pems) };
});

describe.each([['this Node', process.execPath], ...otherNodes] as const)('`offload` on %s', (_name, node) => {
  async function answerOf(mode: string): Promise<unknown> {
    const { stdout, stderr } = await run(node, [script, mode], { env });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as unknown;
  }

  it('lets the event loop turn while a handshake is done', async () => {
    expect(await answerOf('turns')).toEqual({ first: 'loop', protocols: both });
  });

  it('survives engines that are destroyed while threads are at work on them', async () => {
    expect(await answerOf('destroyed')).toEqual(both);
  });

  it('survives four worker threads that are terminated in the middle of handshakes', async () => {
    expect(await answerOf('workers')).toEqual({ answers: [both, both, both, both], codes: [1, 1, 1, 1], after: both });
  });

  it('lets a process exit in the middle of handshakes', async () => {
    expect(await answerOf('exit')).toBe('left in the middle');
  });
});

it('`offload` that is no boolean is a TypeError', () => {
  expect(() => createBackend({ offload: 'yes' } as never)).toThrow(TypeError);
});
