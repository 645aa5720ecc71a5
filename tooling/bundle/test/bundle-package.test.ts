import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundlePackage } from '../src/bundle-package.mjs';
import { entriesOf } from '../src/entries.mjs';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  write('package.json', JSON.stringify({ type: 'module', ...manifest }));
  write('src/index.ts', `export { Thing } from './parts/thing.ts';\nexport { part } from './parts/part.ts';`);
  write('src/deep/index.ts', `export { Thing, make } from '../parts/thing.ts';\nexport { sep } from 'node:path';`);
  write('src/parts/thing.ts', 'export class Thing {}\nexport const make = (): Thing => new Thing();');
  write('src/parts/part.ts', 'export const part: string = "part";');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function files(): readonly string[] {
  const found = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
  return found.map((file) => file.replaceAll('\\', '/')).filter((file) => file.includes('.'));
}

async function entry(name: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(join(folder, 'dist', name)).href)) as Record<string, unknown>;
}

const manifest = {
  name: 'sample',
  publishConfig: {
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './deep': { types: './dist/deep/index.d.ts', default: './dist/deep/index.js' },
    },
  },
};

describe('a package that is put together', () => {
  it('has one file for each entry, and one for what both need', async () => {
    await bundlePackage(folder);
    expect(files().toSorted()).toEqual(['deep/index.js', 'index.js', 'shared/thing.js']);
    expect(await entry('index.js')).toMatchObject({ part: 'part' });
  });

  it('has each class once, whichever entry it comes from', async () => {
    await bundlePackage(folder);
    const [first, second] = [await entry('index.js'), await entry('deep/index.js')];
    expect(first['Thing']).toBe(second['Thing']);
  });

  it('imports what is not of the package, and has no copy of it', async () => {
    await bundlePackage(folder);
    expect(readFileSync(join(folder, 'dist/deep/index.js'), 'utf8')).toMatch(/from "node:path"/);
  });

  it('has in it the private package that it may take in, and of that only what it needs', async () => {
    write('package.json', JSON.stringify({ type: 'module', ...manifest, name: '@org/tls-cli' }));
    const pki = { name: '@org/pki', type: 'module', sideEffects: false, exports: './index.js' };
    write('node_modules/@org/pki/package.json', JSON.stringify(pki));
    write('node_modules/@org/pki/index.js', `export const issue = () => 'issued';\nexport const unused = 'unused';`);
    write('src/index.ts', `export { issue } from '@org/pki';\nexport { thing } from '@org/other';`);
    await bundlePackage(folder);
    const text = readFileSync(join(folder, 'dist/index.js'), 'utf8');
    expect(text).toContain('issued');
    expect(text).not.toContain('unused');
    expect(text).not.toContain('@org/pki"');
    expect(text).toMatch(/from "@org\/other"/);
  });

  it('loses the modules of earlier builds, and keeps the types', async () => {
    write('dist/gone.js', '');
    write('dist/index.d.ts', '');
    await bundlePackage(folder);
    expect(files()).not.toContain('gone.js');
    expect(files()).toContain('index.d.ts');
  });

  it('is not made of a source that lacks what it imports', async () => {
    write('src/parts/part.ts', '');
    await expect(bundlePackage(folder)).rejects.toThrow('part');
  });
});

describe('the entries of a package', () => {
  it('are where its exports, its imports and its commands lead', () => {
    const publishConfig = {
      ...manifest.publishConfig,
      imports: { '#a': { node: './dist/a.js', default: './dist/b.js' } },
    };
    expect(entriesOf({ publishConfig, bin: { run: './dist/main.js' } })).toEqual({
      a: 'src/a.ts',
      b: 'src/b.ts',
      'deep/index': 'src/deep/index.ts',
      index: 'src/index.ts',
      main: 'src/main.ts',
    });
  });

  it('hold what a package finds by its URL', () => {
    expect(entriesOf({ name: '@org/node-tls' })).toHaveProperty('register/import-hooks');
  });
});
