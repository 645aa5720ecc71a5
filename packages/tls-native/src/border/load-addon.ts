import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TlsError } from '@org/tls-core';
import type { Addon } from './addon.ts';
import { withBorder } from './with-border.ts';

const require = createRequire(import.meta.url);
let loaded: Addon | undefined;

/**
 * Gives the addon. The first call loads it.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` with every place that was tried
 */
export function loadAddon(): Addon {
  loaded ??= withBorder(loadFrom(packageFolder(import.meta.dirname)));
  return loaded;
}

/** Gives the folder of the package that holds a folder. How deep a module lies in it is decided when the package is put together. */
function packageFolder(folder: string): string {
  const parent = dirname(folder);
  return existsSync(join(folder, 'package.json')) || parent === folder ? folder : packageFolder(parent);
}

/**
 * Loads the addon of one copy of this package: what was built there, or else what was packed with it for this machine.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function loadFrom(root: string): Addon {
  const places = [join(root, 'build', 'Release', 'tls_native.node'), join(root, 'prebuilds', `${machine()}.node`)];
  const binary = places.find((place) => existsSync(place));
  if (binary === undefined) throw unavailable(root, `tried ${places.join(' and ')}, and neither is there`);
  try {
    return require(binary) as Addon;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().replaceAll(/\s*\n\s*/g, ', ') : String(cause);
    throw unavailable(root, `${binary}: ${reason}`, cause);
  }
}

/** Gives the name that the binary for this machine has. On Linux it tells the C library, for each of which there is another one. */
function machine(): string {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === 'linux' ? `${name}-${libc()}` : name;
}

/** The report of the running program says which loader will load the addon. Its part about the network would ask a name server. */
function libc(): string {
  const report = process.report as unknown as Report;
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { glibcVersionRuntime } = report.getReport().header;
  report.excludeNetwork = before;
  return glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/** What is used of it; the types of Node 20 do not know all. */
interface Report {
  excludeNetwork: boolean;
  getReport(): { readonly header: { readonly glibcVersionRuntime?: string } };
}

function unavailable(root: string, reason: string, cause?: unknown): TlsError {
  const message = `the native addon cannot be loaded: ${reason}; ${packed(join(root, 'prebuilds'))}; ${hint(root)}`;
  return new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', message, { cause });
}

function packed(folder: string): string {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.node'));
    return `the package has ${names.map((name) => name.slice(0, -'.node'.length)).join(', ') || 'no binary'}`;
  } catch {
    return 'the package has no binary';
  }
}

function hint(root: string): string {
  const build = join(root, 'native', 'build.mjs');
  return (
    'use @org/tls-pure, which needs no binary, or build one on Linux with a C++ compiler: ' +
    `npm install --no-save node-addon-api node-api-headers && node ${build}`
  );
}
