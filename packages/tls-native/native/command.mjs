// How the addon is compiled, whatever the compiler and the target are.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { filesOf } from './compile.mjs';

const require = createRequire(import.meta.url);

/**
 * Gives the flags of the compiler and the files that it reads, relative to the folder of this module.
 * @param system one of `targets.mjs`
 * @param headers the folder of Node-API's headers
 */
export function addonCommand(system, headers) {
  const native = import.meta.dirname;
  const folders = ['addon', 'crypto', 'loader', 'process', ...system.folders];
  const sources = folders.flatMap((folder) => filesOf(native, folder, '.cc'));
  const inputs = [...sources, ...['.', ...folders].flatMap((folder) => filesOf(native, folder, '.hh'))];
  const includes = [cxxHeaders(), headers].flatMap((folder) => ['-isystem', folder]);
  return { flags: [...flags, ...system.flags, ...includes, ...sources], inputs };
}

/** Gives the headers of the running Node where it has them, else those of the package. Node-API is the same in all of them. */
export function nodeApiHeaders() {
  const own = join(dirname(dirname(process.execPath)), 'include', 'node');
  return existsSync(join(own, 'node_api.h')) ? own : packagedHeaders();
}

/** Gives the headers of Node-API that the package `node-api-headers` has. */
export function packagedHeaders() {
  return found(() => require('node-api-headers').include_dir);
}

function cxxHeaders() {
  return found(() => dirname(require.resolve('node-addon-api/napi.h')));
}

/** The packages of headers are needed for a build only, so that an install does not bring them. */
function found(find) {
  try {
    return find();
  } catch (cause) {
    throw new Error('a build needs two packages: npm install --no-save node-addon-api node-api-headers', { cause });
  }
}

const flags = [
  '-std=c++17',
  '-O2',
  '-shared',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_DISABLE_DEPRECATED',
  // A Node-API call that fails throws, and node-addon-api catches that at the border, so that nothing works on with an empty value.
  '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL',
  // A worker that is being terminated cannot throw any more, which is no reason to end the process.
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
