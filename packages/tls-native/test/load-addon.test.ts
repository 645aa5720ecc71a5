import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTlsError, type TlsError } from '@org/tls-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadFrom } from '../src/border/load-addon.ts';

const built = join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node');
const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
const [libc, otherLibc] = header.glibcVersionRuntime === undefined ? ['musl', 'glibc'] : ['glibc', 'musl'];
const machine = `${process.platform}-${process.arch}${process.platform === 'linux' ? `-${libc}` : ''}`;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'load-addon-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(folder: string, name: string, content?: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  if (content === undefined) copyFileSync(built, join(root, folder, name));
  else writeFileSync(join(root, folder, name), content);
}

function failure(): TlsError {
  try {
    loadFrom(root);
  } catch (error) {
    if (isTlsError(error)) return error;
    throw error;
  }
  throw new Error('it was loaded');
}

describe('a package without a binary for this machine is refused', () => {
  it('when it has none at all, with the places that were tried and what to use', () => {
    const { code, message } = failure();
    expect(code).toBe('ERR_TLS_BACKEND_UNAVAILABLE');
    expect(message).toContain(join(root, 'build', 'Release', 'tls_native.node'));
    expect(message).toContain(join(root, 'prebuilds', `${machine}.node`));
    expect(message).toContain('the package has no binary');
    expect(message).toContain('@org/tls-pure');
    expect(message).toContain(`node ${join(root, 'native', 'build.mjs')}`);
  });

  it('when it has others, with their names', () => {
    put('prebuilds', 'binaries.json', '{}');
    put('prebuilds', 'sunos-sparc.node', '');
    expect(failure().message).toContain('the package has sunos-sparc;');
  });

  it('when it is for another C library', () => {
    put('prebuilds', `linux-${process.arch}-${otherLibc}.node`);
    expect(failure()).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE' });
  });

  it('when it cannot be loaded, with its path and the reason', () => {
    put('prebuilds', `${machine}.node`, 'no library'.repeat(100));
    const error = failure();
    expect(error).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE', cause: expect.any(Error) as Error });
    expect(error.message).toContain(join(root, 'prebuilds', `${machine}.node`));
    expect(error.message).toContain('invalid ELF header');
  });
});

describe('a binary is loaded', () => {
  it('from the published package', () => {
    put('prebuilds', `${machine}.node`);
    expect(loadFrom(root)).toHaveProperty('createContext');
  });

  it('from the workspace, before one that was packed earlier', () => {
    put('prebuilds', `${machine}.node`, 'an older one');
    put('build/Release', 'tls_native.node');
    expect(loadFrom(root)).toHaveProperty('createContext');
  });
});
