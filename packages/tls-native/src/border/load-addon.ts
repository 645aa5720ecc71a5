import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TlsError } from '@org/tls-core';
import type { Addon } from './addon.ts';
import { withBorder } from './without-prototype.ts';

/** The part of `node-gyp-build` that is used: it finds the binary for this machine, and throws where there is none. */
interface NodeGypBuild {
  path(folder: string): string;
}

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
 * Loads the addon of one copy of this package: what was built there, or else what was packed with it.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function loadFrom(root: string): Addon {
  let binary = root;
  try {
    const finder = require('node-gyp-build') as NodeGypBuild;
    binary = finder.path(root);
    return require(binary) as Addon;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().replaceAll(/\s*\n\s*/g, ', ') : String(cause);
    const tried = binary === root ? `tried ${places(root)}; ${reason}` : `${binary}: ${reason}`;
    throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the native addon cannot be loaded: ${tried}; ${hint}`, {
      cause,
    });
  }
}

function places(root: string): string {
  const prebuilds = join(root, 'prebuilds');
  return [join(root, 'build', 'Release'), prebuilds].map((folder) => `${folder} (${content(folder)})`).join(' and ');
}

function content(folder: string): string {
  try {
    return `holds ${readdirSync(folder).join(', ') || 'nothing'}`;
  } catch {
    return 'not there';
  }
}

const hint =
  'use @org/tls-pure, which needs no binary; where there is a C++ compiler, a checkout builds one with `node native/build.mjs`';
