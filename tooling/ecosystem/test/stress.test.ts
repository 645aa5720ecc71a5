import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '@org/interop/child-process';
import { backends } from '../src/examples.ts';

describe('requests with aborts, resets, stalls and half-closes', () => {
  it.each(backends)('%s: a sample of them leaves no socket, listener, timer or memory', async (backend) => {
    const main = path.join(import.meta.dirname, '..', 'dist', 'stress', 'main.js');
    const args = ['--expose-gc', main, '--backend', backend, '--requests', '400'];
    const printed = await runProgram({ command: process.execPath, args, install: 'this is Node itself' });
    const reports = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(reports).toEqual([
      expect.objectContaining({ backend, over: 'tls-core', requests: 200, faults: [] }),
      expect.objectContaining({ backend, over: 'node-tls', requests: 200, faults: [] }),
    ]);
  });
});
