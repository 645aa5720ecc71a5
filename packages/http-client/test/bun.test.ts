import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import { startHttpProxy, startSocksProxy } from './proxies.ts';
import { startHttp2 } from './servers.ts';

/** The binary of the platform's package: the install script of `bun`, which would link it, does not run. */
function bun(): string {
  const fromBun = createRequire(createRequire(import.meta.url).resolve('bun/package.json'));
  return path.join(path.dirname(fromBun.resolve('@oven/bun-linux-x64/package.json')), 'bin', 'bun');
}

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });

const answers = [
  ['HTTP/1.1', false, '1.1'],
  ['HTTP/2', true, '2.0'],
] as const;

test.each(answers)('works under Bun, over %s', async (_name, allowH2, version) => {
  await using server = await startHttp2(leaf);
  const answer = `200 hello over ${version}`;
  expect(await run(server.origin, 'none', allowH2)).toEqual([`fetch ${answer}`, `request ${answer}`, 'closed']);
});

test.each([
  ['http:', () => startHttpProxy()],
  ['https:', () => startHttpProxy({ identity: leaf })],
  ['socks5h:', () => startSocksProxy()],
])('works under Bun, through a proxy of %s', async (scheme, start) => {
  for (const [, allowH2, version] of answers) {
    await using server = await startHttp2(leaf);
    await using proxy = await start();
    const answer = `200 hello over ${version}`;
    const lines = await run(server.origin, `${scheme}//localhost:${proxy.port}`, allowH2);
    expect(lines).toEqual([`fetch ${answer}`, `request ${answer}`, 'closed']);
    expect(proxy.asked.length).toBeGreaterThan(0);
  }
});

/** The lines that a program prints in Bun. */
async function run(origin: string, proxy: string, allowH2: boolean): Promise<readonly string[]> {
  const program = fileURLToPath(new URL('programs/fetch-and-request.ts', import.meta.url));
  const settings = { ORIGIN: origin, TRUST: root.certificatePem, ALLOW_H2: String(allowH2), PROXY: proxy };
  const env = { ...process.env, ...settings };
  const { stdout } = await promisify(execFile)(bun(), ['--conditions=@org/source', program], { env });
  return stdout.trim().split('\n');
}
