import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import { startHttp2 } from './servers.ts';

/** The binary of the platform's package: the install script of `bun`, which would link it, does not run. */
function bun(): string {
  const fromBun = createRequire(createRequire(import.meta.url).resolve('bun/package.json'));
  return path.join(path.dirname(fromBun.resolve('@oven/bun-linux-x64/package.json')), 'bin', 'bun');
}

test.each([
  ['HTTP/1.1', false, '1.1'],
  ['HTTP/2', true, '2.0'],
])('works under Bun, over %s', async (_name, allowH2, version) => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  await using server = await startHttp2(leaf);
  const program = fileURLToPath(new URL('programs/fetch-and-request.ts', import.meta.url));
  const env = { ...process.env, ORIGIN: server.origin, TRUST: root.certificatePem, ALLOW_H2: String(allowH2) };
  const { stdout } = await promisify(execFile)(bun(), ['--conditions=@org/source', program], { env });
  const answer = `200 hello over ${version}`;
  expect(stdout.trim().split('\n')).toEqual([`fetch ${answer}`, `request ${answer}`, 'closed']);
});
