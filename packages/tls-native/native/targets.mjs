import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the addon can be built for, and how.
 * - `folder`: of the platform's provider; `sources`: besides it
 * - `prepare`: makes what is generated, and says where it is
 */
const linux = {
  folder: 'openssl',
  sources: [],
  // the usual ones
  compilers: undefined,
  install: undefined,
  // Node unloads an addon with the last environment that has it; the library and our threads go on calling it
  flags: ['-fPIC', '-Wl,-z,nodelete'],
  definitions: [],
  libraries: ['-ldl', '-pthread'],
  prepare: () => [],
};

/** One file that needs no other DLL than the system's: the runtime of GCC and its threads are linked in. */
const windows = {
  folder: 'schannel',
  sources: ['windows/node-host.cc'],
  // the other thread model has no std::mutex
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

/** Of this machine; undefined where there is none. */
export const hostTarget = process.platform === 'linux' ? linux : undefined;

/** By the name that `process.platform` and `process.arch` make there. */
export const crossTargets = { 'win32-x64': windows };

/** The names of all functions of Node-API, for `windows/node-host.cc`. */
function listNodeApi(output, require) {
  const definition = readFileSync(require('node-api-headers').def_paths.node_api_def, 'utf8');
  const names = definition.split(/\s+/).filter((word) => /^(napi|node_api)_/.test(word));
  const folder = join(output, 'generated');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'node-api.inc'), names.map((name) => `NODE_API(${name})\n`).join(''));
  return ['-I', folder];
}
