import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { startHttpProxy, startSocksProxy } from './proxies.ts';
import { startHttps, startPlainHttp } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['origin.test', 'localhost'] });
const program = fileURLToPath(new URL('programs/through-the-environment.mjs', import.meta.url));

// A process of its own has no variables but these: a proxy of the machine is none of the tests'.
describe.each(['pure', 'native'])('a process over %s', (backend) => {
  /** What a process prints that makes one request. */
  async function run(origin: string, environment: Readonly<Record<string, string>>): Promise<string> {
    const env = { PATH: process.env['PATH'], ORIGIN: origin, TRUST: root.certificatePem, BACKEND: backend };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...env, ...environment } });
    return stdout;
  }

  test('goes through the proxy that HTTPS_PROXY names, with its credentials', async () => {
    await using server = await startHttps(leaf);
    await using proxy = await startHttpProxy({ login: 'user:p@ss' });
    const variable = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
    const origin = `https://origin.test:${server.port}`;
    expect(await run(origin, { HTTPS_PROXY: variable })).toBe('hello');
    expect(proxy.asked).toEqual([`origin.test:${server.port}`]);
    const refused = await run(origin, { HTTPS_PROXY: variable.replace('p%40ss', 'secret') });
    expect(refused).toMatch(/^ERR_TLS_PROXY: .*407/u);
    expect(refused).not.toContain('secret');
  });

  test('goes through the proxy of ALL_PROXY, by SOCKS too', async () => {
    await using server = await startHttps(leaf);
    await using proxy = await startSocksProxy();
    const origin = `https://origin.test:${server.port}`;
    expect(await run(origin, { ALL_PROXY: `socks5h://127.0.0.1:${proxy.port}` })).toBe('hello');
    expect(proxy.asked).toEqual([`origin.test:${server.port}`]);
  });

  test('goes without a proxy to this machine, and where NO_PROXY says so', async () => {
    await using server = await startHttps(leaf);
    await using proxy = await startHttpProxy();
    const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    expect(await run(server.origin, { HTTPS_PROXY })).toBe('hello');
    const NO_PROXY = `.test:${server.port}`;
    expect(await run(`https://origin.test:${server.port}`, { HTTPS_PROXY, NO_PROXY })).toMatch(/^ERR_TLS_TRANSPORT/u);
    expect(proxy.asked).toEqual([]);
  });

  test('goes to http: through HTTP_PROXY, which is not read in a CGI program', async () => {
    await using server = await startPlainHttp();
    await using proxy = await startHttpProxy();
    const origin = `http://origin.test:${server.port}`;
    const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
    expect(await run(origin, { HTTP_PROXY })).toBe('plain');
    expect(await run(origin, { HTTP_PROXY, REQUEST_METHOD: 'GET' })).toMatch(/^ERR_TLS_TRANSPORT/u);
    expect(proxy.asked).toHaveLength(1);
  });

  test('does not go anywhere where a variable makes no sense', async () => {
    await using server = await startHttps(leaf);
    const told = await run(server.origin, { HTTPS_PROXY: 'htp://user:secret@127.0.0.1' });
    expect(told).toMatch(/^ERR_TLS_CONFIG: HTTPS_PROXY: /u);
    expect(told).not.toContain('secret');
    expect(server.connections()).toBe(0);
  });
});
