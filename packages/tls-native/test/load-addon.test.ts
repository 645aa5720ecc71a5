import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTlsError, type TlsError } from '@org/tls-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadFrom } from '../src/border/load-addon.ts';

const built = join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node');
const tuple = `${process.platform}-${process.arch}`;
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
    const error = failure();
    expect(error).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE', cause: expect.any(Error) as Error });
    expect(error.message).toContain(join(root, 'build', 'Release'));
    expect(error.message).toContain(join(root, 'prebuilds'));
    expect(error.message).toContain(`platform=${process.platform} arch=${process.arch}`);
    expect(error.message).toContain('@org/tls-pure');
  });

  it('when it has others, with their names', () => {
    put('prebuilds/sunos-sparc', '@org+tls-native.node', '');
    expect(failure().message).toContain('holds sunos-sparc');
  });

  it('when it is for another C library', () => {
    put(`prebuilds/${tuple}`, '@org+tls-native.musl.node');
    expect(failure()).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE' });
  });

  it('when it cannot be loaded, with its path and the reason', () => {
    put(`prebuilds/${tuple}`, '@org+tls-native.glibc.node', 'no library'.repeat(100));
    const error = failure();
    expect(error).toMatchObject({ code: 'ERR_TLS_BACKEND_UNAVAILABLE' });
    expect(error.message).toContain(join(root, 'prebuilds', tuple, '@org+tls-native.glibc.node'));
    expect(error.message).toContain('invalid ELF header');
  });
});

describe('a binary is loaded', () => {
  it('from the published package', () => {
    put(`prebuilds/${tuple}`, '@org+tls-native.glibc.node');
    expect(loadFrom(root)).toHaveProperty('createContext');
  });

  it('from the workspace, before one that was packed earlier', () => {
    put(`prebuilds/${tuple}`, '@org+tls-native.glibc.node', 'an older one');
    put('build/Release', 'tls_native.node');
    expect(loadFrom(root)).toHaveProperty('createContext');
  });
});
