import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathOfProvider } from '../src/config/choose-backend.ts';
import { clientContext, serverContext } from '../src/config/contexts.ts';
import { resolveBackend as resolveLater, resolveBackendNow } from '../src/config/index.ts';
import type { TlsBackend } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-core-'));
  await writeFile(join(folder, 'package.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

const backendSource = (name: string, version = 1): string =>
  `export const createBackend = () => ({ name: ${JSON.stringify(name)}, interfaceVersion: ${version}, capabilities: {}, createClientContext: (config) => ({ role: 'client', createEngine() {}, config, made: ${JSON.stringify(name)} }), createServerContext: (config) => ({ role: 'server', createEngine() {}, config }) });`;

async function install(specifier: string, source: string, root = folder): Promise<void> {
  const target = join(root, 'node_modules', ...specifier.split('/'));
  await mkdir(target, { recursive: true });
  await writeFile(
    join(target, 'package.json'),
    JSON.stringify({ name: specifier, type: 'module', exports: './index.js' }),
  );
  await writeFile(join(target, 'index.js'), source);
}

/** The working directory, and a program that is installed elsewhere. */
const here = (env: Record<string, string> = {}) => ({
  cwd: folder,
  env,
  from: pathToFileURL(join(folder, 'main.js')).href,
});
const given = { name: 'given', interfaceVersion: 1 } as unknown as TlsBackend;

async function writeConfig(config: unknown, name = 'tls.config.json'): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(config));
}

const resolveNow: typeof resolveLater = async (...given) => resolveBackendNow(...given);

const both = [
  ['resolveBackend', resolveLater],
  ['resolveBackendNow', resolveNow],
] as const;

describe.each(both)('%s', (_name, resolveBackend) => {
  it('takes the call before the environment, the environment before the file, the file before the automatic choice', async () => {
    for (const name of ['@org/tls-pure', '@org/tls-native', 'from-env', 'from-call'])
      await install(name, backendSource(name));
    const byItself = process.platform === 'darwin' ? '@org/tls-pure' : '@org/tls-native';
    const other = byItself === '@org/tls-pure' ? 'native' : 'pure';
    expect((await resolveBackend(undefined, here())).name).toBe(byItself);
    await writeConfig({ backend: other });
    expect((await resolveBackend(undefined, here())).name).toBe(`@org/tls-${other}`);
    const variable = { TLS_BACKEND: join(folder, 'node_modules', 'from-env', 'index.js') };
    expect((await resolveBackend(undefined, here(variable))).name).toBe('from-env');
    expect((await resolveBackend(undefined, here({ TLS_BACKEND: 'auto' }))).name).toBe(byItself);
    expect((await resolveBackend('from-call', here(variable))).name).toBe('from-call');
    expect((await resolveBackend('pure', here(variable))).name).toBe('@org/tls-pure');
    expect(await resolveBackend(given, here(variable))).toBe(given);
  });

  it('takes an empty variable as none', async () => {
    await install('@org/tls-pure', backendSource('pure'));
    await writeConfig({ backend: 'pure' });
    expect((await resolveBackend(undefined, here({ TLS_BACKEND: '' }))).name).toBe('pure');
  });

  it.each([
    ['tls.config.json', { backend: 'pure' }],
    ['package.json', { tls: { backend: 'pure' } }],
  ])('reads %s, also from a folder below', async (name, content) => {
    await install('@org/tls-pure', backendSource('pure'));
    await install('@org/tls-native', backendSource('native'));
    await writeConfig(content, name);
    await mkdir(join(folder, 'below', 'and-below'), { recursive: true });
    await writeFile(join(folder, 'below', 'package.json'), '{}');
    const below = { ...here(), cwd: join(folder, 'below', 'and-below') };
    expect((await resolveBackend(undefined, below)).name).toBe('pure');
  });

  it.each([
    ['an unknown key', { backend: 'pure', verify: false }],
    ['a list', ['pure']],
    ['text', 'pure'],
    ['nothing', null],
  ])('refuses a file that holds %s with a TypeError', async (_what, content) => {
    await writeConfig(content);
    await expect(resolveBackend(undefined, here())).rejects.toThrow(TypeError);
    await rm(join(folder, 'tls.config.json'));
    await writeConfig({ tls: content }, 'package.json');
    await expect(resolveBackend(undefined, here())).rejects.toThrow(TypeError);
  });

  it('refuses a file that cannot be read with ERR_TLS_CONFIG, and goes nowhere else', async () => {
    await install('@org/tls-pure', backendSource('pure'));
    const path = join(folder, 'tls.config.json');
    await writeFile(path, 'this is no JSON');
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await rm(path);
    await mkdir(path);
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await rm(path, { recursive: true });
    await writeFile(path, ' '.repeat(2 ** 20 + 1));
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  // Windows keeps its pipes in a namespace of their own, so that none can lie in a folder there.
  it.skipIf(process.platform === 'win32')('does not wait for a pipe that lies where the file would', async () => {
    execFileSync('mkfifo', [join(folder, 'tls.config.json')]);
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

  it.each([7, true, null, () => undefined])('refuses %s in place of a backend', async (choice) => {
    await expect(clientContext({ backend: choice } as never)).rejects.toThrow(TypeError);
    await expect(resolveBackend(choice as never, { cwd: folder, env: {} })).rejects.toThrow(TypeError);
  });
});

describe.each(both)('%s, the crypto provider', (_name, resolveBackend) => {
  const madeWith = `export const createBackend = ({ crypto } = {}) => ({ name: crypto?.name ?? 'its own', interfaceVersion: 1 });`;

  beforeEach(async () => {
    await install('@org/tls-pure', madeWith);
    await install('@org/tls-native', backendSource('the native backend'));
    for (const [specifier, name] of [
      ['@org/tls-native', 'native'],
      ['@org/tls-crypto', 'node'],
      ['@org/tls-crypto', 'noble'],
    ] as const)
      await addEntry(specifier, name);
  });

  async function addEntry(specifier: string, name: 'native' | 'node' | 'noble'): Promise<void> {
    const target = join(folder, 'node_modules', ...specifier.split('/'));
    await mkdir(target, { recursive: true });
    const entries = { './crypto': './native.js', './node': './node.js', './noble': './noble.js', '.': './index.js' };
    await writeFile(
      join(target, 'package.json'),
      JSON.stringify({ name: specifier, type: 'module', exports: entries }),
    );
    await writeFile(join(target, `${name}.js`), `export const ${name}Crypto = { name: '${name}' };`);
  }

  it('is taken by its name, and chooses the backend pure', async () => {
    for (const crypto of ['native', 'node', 'noble'] as const) {
      expect((await resolveBackend(undefined, { ...here(), crypto })).name).toBe(crypto);
      expect((await resolveBackend('pure', { ...here(), crypto })).name).toBe(crypto);
    }
    expect((await resolveBackend('pure', here())).name).toBe('its own');
  });

  it('is taken from the place that names the backend, the call before the environment, and that before the file', async () => {
    await writeConfig({ crypto: 'noble' });
    expect((await resolveBackend(undefined, here())).name).toBe('noble');
    expect((await resolveBackend(undefined, here({ TLS_CRYPTO: 'node' }))).name).toBe('node');
    expect((await resolveBackend(undefined, here({ TLS_BACKEND: 'pure' }))).name).toBe('its own');
    expect((await resolveBackend(undefined, here({ TLS_CRYPTO: '' }))).name).toBe('noble');
    const call = { ...here({ TLS_CRYPTO: 'node' }), crypto: 'native' } as const;
    expect((await resolveBackend(undefined, call)).name).toBe('native');
    expect((await resolveBackend('pure', here({ TLS_CRYPTO: 'node' }))).name).toBe('its own');
    expect((await resolveBackend('native', here({ TLS_CRYPTO: 'node' }))).name).toBe('the native backend');
  });

  it('is refused beside any backend but pure', async () => {
    const refused = { code: 'ERR_TLS_CONFIG', option: 'crypto' };
    for (const backend of ['native', 'auto', 'third-party', given])
      await expect(resolveBackend(backend, { ...here(), crypto: 'native' })).rejects.toMatchObject(refused);
    const environment = here({ TLS_BACKEND: 'native', TLS_CRYPTO: 'native' });
    await expect(resolveBackend(undefined, environment)).rejects.toMatchObject(refused);
    await writeConfig({ backend: 'auto', crypto: 'native' });
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject(refused);
    await expect(clientContext({ backend: given, crypto: 'native' })).rejects.toMatchObject(refused);
  });

  it('is refused under a name that is none', async () => {
    const refused = { code: 'ERR_TLS_CONFIG', option: 'crypto' };
    for (const crypto of ['openssl', 'constructor', './evil.mjs', join(folder, 'evil.mjs'), '@org/tls-native/crypto']) {
      await expect(resolveBackend('pure', { ...here(), crypto: crypto as never })).rejects.toMatchObject(refused);
      await expect(resolveBackend(undefined, here({ TLS_CRYPTO: crypto }))).rejects.toMatchObject(refused);
    }
    await expect(resolveBackend('pure', { ...here(), crypto: 7 as never })).rejects.toThrow(TypeError);
    await writeConfig({ backend: 'pure', crypto: 'openssl' });
    await expect(resolveBackend(undefined, here())).rejects.toMatchObject(refused);
  });

  it('is never replaced by another where it cannot be had, and the error says what to install', async () => {
    const unavailable = { code: 'ERR_TLS_BACKEND_UNAVAILABLE' };
    const native = join(folder, 'node_modules', '@org', 'tls-native');
    await writeFile(join(native, 'native.js'), 'throw new Error("no OpenSSL");');
    await expect(resolveBackend('pure', { ...here(), crypto: 'native' })).rejects.toMatchObject(unavailable);
    await rm(native, { recursive: true });
    const { from } = here();
    const find = (): string => pathOfProvider('native', [from], join(folder, 'main.js'));
    expect(find).toThrow(expect.objectContaining(unavailable));
    expect(find).toThrow('npm install @org/tls-native;');
  });
});

describe.each(both)('%s, the working directory', (_name, resolveBackend) => {
  /** A program in a folder that somebody else has filled; what lies there would leave its mark. */
  const mark = 'globalThis.isRun = true; ';
  const elsewhere = (env: Record<string, string> = {}) => ({ cwd: join(folder, 'below'), env });
  const isRun = () => (globalThis as { readonly isRun?: boolean }).isRun;

  beforeEach(() => mkdir(join(folder, 'below')));
  afterEach(() => {
    delete (globalThis as { isRun?: boolean }).isRun;
  });

  it('gives no code: not as a configuration', async () => {
    for (const extension of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']) {
      const path = join(folder, `tls.config.${extension}`);
      await writeFile(path, `${mark}export default { backend: 'pure' };`);
      await expect(resolveBackend(undefined, elsewhere())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
      await rm(path);
    }
    expect(isRun()).toBeUndefined();
  });

  it.each(['pure', 'native', 'auto', 'third-party', undefined])(
    'gives no code: not as the package of %s',
    async (name) => {
      for (const specifier of ['@org/tls-pure', '@org/tls-native', 'third-party'])
        for (const root of [folder, join(folder, 'below')])
          await install(specifier, mark + backendSource('planted'), root);
      const found = await resolveBackend(name, elsewhere()).catch((error: unknown) => error);
      expect(found).not.toMatchObject({ name: 'planted' });
      expect(isRun()).toBeUndefined();
    },
  );

  it('gives no code: not by a file that names it', async () => {
    await writeFile(join(folder, 'evil.mjs'), mark + backendSource('planted'));
    await install('third-party', mark + backendSource('planted'));
    for (const backend of ['./evil.mjs', join(folder, 'evil.mjs'), 'third-party', '@org/tls-pure', 7, { name: 'x' }]) {
      await writeConfig({ backend });
      await expect(resolveBackend(undefined, elsewhere())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
      await rm(join(folder, 'tls.config.json'));
      await writeConfig({ tls: { backend } }, 'package.json');
      await expect(resolveBackend(undefined, elsewhere())).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
      await writeConfig({}, 'package.json');
    }
    expect(isRun()).toBeUndefined();
  });

  it('gives no code: not by a variable or a call that names it relatively', async () => {
    await writeFile(join(folder, 'below', 'evil.mjs'), mark + backendSource('planted'));
    await install('third-party', mark + backendSource('planted'));
    for (const name of ['./evil.mjs', '../below/evil.mjs', 'third-party', 'evil.mjs']) {
      await expect(resolveBackend(undefined, elsewhere({ TLS_BACKEND: name }))).rejects.toMatchObject({
        code: 'ERR_TLS_CONFIG',
      });
      await expect(resolveBackend(name, elsewhere())).rejects.toMatchObject({ name: 'TlsError' });
    }
    expect(isRun()).toBeUndefined();
  });
});

describe('clientContext and serverContext', () => {
  it('give a context as it is, and make one of a configuration without its backend', async () => {
    await install('counted', backendSource('counted'));
    const backend = await resolveLater('counted', here());
    const client = await clientContext({ backend, keyLog: true });
    expect(client).toMatchObject({ role: 'client', config: { keyLog: true } });
    expect(await clientContext(client)).toBe(client);
    const server = await serverContext({ backend, alpnProtocols: ['h2'] });
    expect(server).toMatchObject({ role: 'server', config: { alpnProtocols: ['h2'] } });
    expect(client).not.toHaveProperty('config.backend');
    expect(await serverContext(server)).toBe(server);
  });

  it('look a name up from the module that asks', async () => {
    await install('third-party', backendSource('third-party'));
    const from = pathToFileURL(join(folder, 'main.js')).href;
    expect(await clientContext({ backend: 'third-party', from, keyLog: true })).toMatchObject({
      config: { keyLog: true },
    });
    await expect(clientContext({ backend: 'third-party' })).rejects.toMatchObject({
      code: 'ERR_TLS_BACKEND_UNAVAILABLE',
    });
    await expect(clientContext({ from: 7 } as never)).rejects.toThrow(TypeError);
  });

  it('take a backend and its options from the object alone, and leave what it inherits for the backend to refuse', async () => {
    const backend = (await install('plain', backendSource('plain')), await resolveLater('plain', here()));
    await expect(clientContext(Object.create({ backend }) as never)).rejects.toThrow(TypeError);
    const inheriting = Object.create({ grease: true }, { backend: { value: backend, enumerable: true } }) as object;
    const made = (await clientContext(inheriting)) as unknown as { readonly config: object };
    expect(Object.getPrototypeOf(made.config)).toEqual({ grease: true });
    const pollution = Object.prototype as { backend?: unknown; createEngine?: unknown };
    try {
      pollution.backend = given;
      pollution.createEngine = () => undefined;
      expect(await clientContext({ backend, keyLog: true })).toMatchObject({ config: { keyLog: true } });
      for (const name of ['@org/tls-pure', '@org/tls-native']) await install(name, backendSource(name));
      const from = pathToFileURL(join(folder, 'main.js')).href;
      const found = (await clientContext({ from, keyLog: true })) as unknown as { readonly made: string };
      expect(found.made).toMatch(/^@org\/tls-/);
    } finally {
      delete pollution.backend;
      delete pollution.createEngine;
    }
  });

  it('refuse a backend of another version of the interface, also one that is a value', async () => {
    await expect(clientContext({ backend: { ...given, interfaceVersion: 0 } as never })).rejects.toMatchObject({
      code: 'ERR_TLS_BACKEND_UNAVAILABLE',
    });
  });
});
