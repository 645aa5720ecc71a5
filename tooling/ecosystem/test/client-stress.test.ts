import path from 'node:path';
import { runProgram } from '@org/interop/child-process';
import { describe, expect, it } from 'vitest';
import { backends } from '../src/examples.ts';

/** All of them take some minutes (`npm run test:whole`). */
const requests = process.env['TEST_SCOPE'] === 'whole' ? 5000 : 1200;

const versions = ['1.1', '2'];
const ways = ['direct', 'proxied'];
const runs = backends.flatMap((backend) =>
  versions.flatMap((http) =>
    ways.map((way) => ({ backend, http, way, share: requests / versions.length / ways.length })),
  ),
);

describe('requests of the HTTP client with aborts, resets, stalls and half-closes', () => {
  it.each(runs)(
    'over $backend and HTTP/$http, $way: $share of them leave no socket, listener, timer or memory',
    async ({ backend, http, way, share }) => {
      const main = path.join(import.meta.dirname, '..', 'dist', 'client-stress', 'main.js');
      const options = ['--backend', backend, '--http', http, '--way', way, '--requests', String(share)];
      const printed = await runProgram({
        command: process.execPath,
        args: ['--expose-gc', main, ...options],
        install: 'this is Node itself',
      });
      expect(JSON.parse(printed)).toMatchObject({ backend, http, way, requests: share, faults: [] });
    },
  );
});
