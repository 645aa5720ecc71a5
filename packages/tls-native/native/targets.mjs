import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the addon can be built for, and how.
 * - `folder` has the platform's provider; `sources` are other sources
 * - `prepare` makes what is generated, and says where it is
 */
const linux = {
  folder: 'openssl',
  sources: [],
  // The usual compilers are tried.
  compilers: undefined,
  install: undefined,
  // Node unloads an addon with the last environment that has it, but the library and our threads go on calling it.
  flags: ['-fPIC', '-Wl,-z,nodelete'],
  definitions: [],
  libraries: ['-ldl', '-pthread'],
  prepare: () => [],
};

/** One file that needs no DLL but the system's: GCC's runtime and its threads are linked in. */
const windows = {
  folder: 'schannel',
  sources: ['windows/node-host.cc'],
  // The other thread model has no std::mutex.
  compilers: ['x86_64-w64-mingw32-g++-posix'],
  install: 'apt-get install g++-mingw-w64-x86-64-posix',
  flags: ['-static', '-s'],
  definitions: [
    '-DNAPI_EXTERN=__declspec(dllimport)',
    '-DUNICODE',
    '-D_UNICODE',
    '-D_WIN32_WINNT=0x0A00',
    '-DWIN32_LEAN_AND_MEAN',
    '-DNOMINMAX',
  ],
  libraries: [],
  prepare: listNodeApi,
};

/** The target of this machine; undefined where there is none. */
export const hostTarget = process.platform === 'linux' ? linux : undefined;

/** The targets by the name that `process.platform` and `process.arch` make there. */
export const crossTargets = { 'win32-x64': windows };

/** Lists the names of all functions of Node-API, for `windows/node-host.cc`. */
function listNodeApi(output, require) {
  const definition = readFileSync(require('node-api-headers').def_paths.node_api_def, 'utf8');
  const names = definition.split(/\s+/).filter((word) => /^(napi|node_api)_/.test(word));
  const folder = join(output, 'generated');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node-api.inc'), names.map((name) => `NODE_API(${name})\n`).join(''));
  return ['-I', folder];
}
