import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientContextSource, serverContext } from '../src/config/contexts.ts';
import { loadIdentityReader } from '../src/config/identity-reader.ts';
import type { TlsBackend } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-core-'));
  await writeFile(join(folder, 'package.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

/** The module of a program that is installed elsewhere. */
const program = (): string => pathToFileURL(join(folder, 'main.js')).href;
const urlOf = (name: string): URL => pathToFileURL(join(folder, name));

async function installReader(source: string, exports: unknown = './index.js'): Promise<void> {
  const target = join(folder, 'node_modules', '@org', 'tls-identity');
  await mkdir(target, { recursive: true });
  const manifest = { name: '@org/tls-identity', type: 'module', exports };
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(target, 'index.js'), source);
}

/** A backend whose contexts show their configuration. */
const backend = {
  name: 'shown',
  interfaceVersion: 1,
  createServerContext: (config: object) => ({ role: 'server', config }),
  createClientContext: (config: object) => ({ role: 'client', config }),
} as unknown as TlsBackend;

async function identityOf(identity: unknown): Promise<unknown> {
  const context = await serverContext({ backend, from: program(), identity: identity as never });
  return (context as unknown as { readonly config: { readonly identity: unknown } }).config.identity;
}

const echo =
  'export const readIdentity = async (source) => ({ certificateChain: ["read"], privateKey: JSON.stringify(source) });' +
  'export const readPrivateKey = async (source, passphrase, options) => ({ privateKey: JSON.stringify([source, passphrase, options]) });';

describe('what a backend takes', () => {
  it('is copied and left to it, and nothing is loaded', async () => {
    await installReader('throw new Error("loaded")');
    const identity = { certificateChain: 'chain', privateKey: 'key', mustMatchIssuer: true };
    expect(await identityOf(identity)).toEqual(identity);
    expect(await identityOf([identity, identity])).toEqual([identity, identity]);
    for (const odd of [5, null, 'pem', [5]]) expect(await identityOf(odd)).toEqual(odd);
  });

  it('may be in files', async () => {
    await installReader('throw new Error("loaded")');
    await writeFile(join(folder, 'a.pem'), 'a');
    const identity = { certificateChain: [urlOf('a.pem'), 'b'], privateKey: urlOf('a.pem') };
    const a = Uint8Array.of(0x61);
    expect(await identityOf(identity)).toEqual({ certificateChain: [a, 'b'], privateKey: a });
  });

  it('makes a context at once where the backend is a value', () => {
    const source = clientContextSource({ backend, identity: { certificateChain: 'chain', privateKey: 'key' } });
    expect(source()).toMatchObject({ role: 'client' });
  });
});

describe('what @org/tls-identity reads', () => {
  it('is given to it, and the rest is kept', async () => {
    await installReader(echo);
    const read = await identityOf({
      pfx: 'MII',
      passphrase: 'a',
      friendlyName: 'b',
      maxIterations: 5,
      mustMatchIssuer: true,
    });
    const source = { passphrase: 'a', maxIterations: 5, pfx: 'MII', friendlyName: 'b' };
    expect(read).toEqual({ certificateChain: ['read'], privateKey: JSON.stringify(source), mustMatchIssuer: true });
  });

  it('is read once for all that ask for the context', async () => {
    await installReader(
      `let count = 0; export const readIdentity = async () => ({ certificateChain: [], privateKey: String(count += 1) }); export const readPrivateKey = 0 || readIdentity;`,
    );
    const source = clientContextSource({ backend, from: program(), identity: { pfx: 'MII' } });
    expect(await source()).toBe(await source());
    expect(await source()).toMatchObject({ config: { identity: { privateKey: '1' } } });
  });

  it('opens the key of a raw public key', async () => {
    await installReader(echo);
    const read = await identityOf({ rawPublicKey: 'public', privateKey: 'key', passphrase: 'a' });
    expect(read).toEqual({ rawPublicKey: 'public', privateKey: JSON.stringify(['key', 'a', { passphrase: 'a' }]) });
  });
});

describe('where @org/tls-identity is not there', () => {
  const code = 'ERR_TLS_IDENTITY';

  it('an error says how to get it', async () => {
    await installReader('', {});
    const loading = loadIdentityReader('identity', [program()]);
    await expect(loading).rejects.toMatchObject({
      code,
      message: expect.stringContaining('npm install @org/tls-identity'),
    });
  });

  it.each(['throw new Error("broken")', 'export const readIdentity = 5;'])(
    'or is something else: %s',
    async (source) => {
      await installReader(source);
      await expect(loadIdentityReader('identity', [program()])).rejects.toMatchObject({ code });
    },
  );
});

describe('a file that cannot be read', () => {
  it.each(['pipe', 'large', 'missing', ''])('is told by its URL: %j', async (name) => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await writeFile(join(folder, 'large'), new Uint8Array(2 ** 21 + 1));
    await expect(identityOf({ privateKey: urlOf(name), certificateChain: '' })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      message: expect.stringContaining(urlOf(name).href),
    });
  });
});
