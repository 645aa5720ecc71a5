import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientContext, defineConfig, resolveBackend, serverContext } from '../src/config/index.ts';
import type { TlsBackend } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-core-'));
  await writeFile(join(folder, 'package.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

const backendSource = (name: string, version = 1): string =>
  `export const createBackend = () => ({ name: ${JSON.stringify(name)}, interfaceVersion: ${version}, capabilities: {}, createClientContext: (config) => ({ role: 'client', createEngine() {}, config }), createServerContext: (config) => ({ role: 'server', createEngine() {}, config }) });`;

async function install(specifier: string, source: string): Promise<void> {
  const target = join(folder, 'node_modules', ...specifier.split('/'));
  await mkdir(target, { recursive: true });
  await writeFile(
    join(target, 'package.json'),
    JSON.stringify({ name: specifier, type: 'module', exports: './index.js' }),
  );
  await writeFile(join(target, 'index.js'), source);
}

const here = (env: Record<string, string> = {}) => ({ cwd: folder, env });
const given = { name: 'given', interfaceVersion: 1 } as unknown as TlsBackend;

describe('resolveBackend', () => {
  it('takes the call before the environment, the environment before the file, the file before the automatic choice', async () => {
    for (const name of ['@org/tls-pure', '@org/tls-native', 'from-env', 'from-file', 'from-call'])
      await install(name, backendSource(name));
    expect((await resolveBackend(undefined, here())).name).toBe(
      process.platform === 'darwin' ? '@org/tls-pure' : '@org/tls-native',
    );
    await writeFile(join(folder, 'tls.config.json'), '{ "backend": "from-file" }');
    expect((await resolveBackend(undefined, here())).name).toBe('from-file');
    expect((await resolveBackend(undefined, here({ TLS_BACKEND: 'from-env' }))).name).toBe('from-env');
    expect((await resolveBackend('from-call', here({ TLS_BACKEND: 'from-env' }))).name).toBe('from-call');
    expect((await resolveBackend('pure', here())).name).toBe('@org/tls-pure');
    expect(await resolveBackend(given, here({ TLS_BACKEND: 'from-env' }))).toBe(given);
  });

  it('takes an empty variable as none', async () => {
    await install('from-file', backendSource('from-file'));
    await writeFile(join(folder, 'tls.config.json'), '{ "backend": "from-file" }');
    expect((await resolveBackend(undefined, here({ TLS_BACKEND: '' }))).name).toBe('from-file');
  });

  it.each([
    ['tls.config.mjs', 'export default { backend: "from-file" };'],
    ['tls.config.json', '{ "backend": "from-file" }'],
    ['package.json', '{ "tls": { "backend": "from-file" } }'],
  ])('reads %s, also from a folder below', async (name, content) => {
    await install('from-file', backendSource('from-file'));
    await writeFile(join(folder, name), content);
    await mkdir(join(folder, 'below'));
    expect((await resolveBackend(undefined, { cwd: join(folder, 'below'), env: {} })).name).toBe('from-file');
  });

  it.each([
    ['an unknown key', 'export default { backend: "pure", verify: false };', TypeError],
    ['a backend that is none', 'export default { backend: 7 };', TypeError],
    ['no default export', 'export const backend = "pure";', TypeError],
  ])('refuses a file with %s', async (_what, content, error) => {
    await writeFile(join(folder, 'tls.config.mjs'), content);
    await expect(resolveBackend(undefined, here())).rejects.toThrow(error);
  });

  it('refuses a file that does not load with ERR_TLS_CONFIG, and goes nowhere else', async () => {
    await install('@org/tls-pure', backendSource('pure'));
    await writeFile(join(folder, 'tls.config.mjs'), 'this is no module');
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  it('never replaces a backend that was named', async () => {
    await install('@org/tls-pure', backendSource('pure'));
    await install('broken', 'throw new Error("broken inside");');
    await install('empty', 'export {};');
    await install('failing', 'export const createBackend = () => { throw new Error("no library"); };');
    await install('ancient', backendSource('ancient', 0));
    for (const name of ['not-installed', 'broken', 'empty', 'failing', 'ancient']) {
      await expect(resolveBackend(name, here())).rejects.toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE' });
    }
  });

  it('goes on to the next when it chooses by itself', async () => {
    await install('@org/tls-pure', backendSource('pure'));
    await install('@org/tls-native', 'export const createBackend = () => { throw new Error("no library"); };');
    expect((await resolveBackend('auto', here())).name).toBe('pure');
  });

  it('names both reasons when it chooses by itself and none loads', async () => {
    await install('@org/tls-pure', 'throw new Error("broken inside");');
    await install('@org/tls-native', 'export const createBackend = () => { throw new Error("no library"); };');
    const error: unknown = await resolveBackend('auto', here()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE' });
    expect((error as Error & { readonly cause: AggregateError }).cause.errors).toHaveLength(2);
  });

  it('makes a backend once', async () => {
    await install('counted', backendSource('counted'));
    expect(await resolveBackend('counted', here())).toBe(await resolveBackend('counted', here()));
  });
});

describe('clientContext and serverContext', () => {
  it('give a context as it is, and make one of a configuration without its backend', async () => {
    await install('counted', backendSource('counted'));
    const backend = await resolveBackend('counted', here());
    const client = await clientContext({ backend, keyLog: true });
    expect(client).toMatchObject({ role: 'client', config: { keyLog: true } });
    expect(await clientContext(client)).toBe(client);
    const server = await serverContext({ backend, alpnProtocols: ['h2'] });
    expect(server).toMatchObject({ role: 'server', config: { alpnProtocols: ['h2'] } });
    expect(client).not.toHaveProperty('config.backend');
    expect(await serverContext(server)).toBe(server);
  });

  it('defineConfig gives back what it is given', () => {
    const config = { backend: 'pure' };
    expect(defineConfig(config)).toBe(config);
  });
});
