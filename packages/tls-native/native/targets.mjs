import { join } from 'node:path';

/**
 * What the addon can be built for, and how.
 * - `folder`: of the platform's provider; `sources`: besides it
 * - `prepare`: commands that come before the compiler, in the folder of the output
 */
const linux = {
  folder: 'openssl',
  sources: [],
  compilers: [process.env.CXX, 'c++', 'g++', 'clang++'].filter(Boolean),
  install: 'apt-get install g++',
  flags: ['-fPIC'],
  definitions: [],
  prepare: () => [],
  libraries: () => ['-ldl'],
};

/** One file that needs no other DLL than the system's: the runtime of GCC and its threads are linked in. */
const windows = {
  folder: 'schannel',
  sources: ['windows/node-host.cc'],
  // the other thread model has no std::mutex
  compilers: ['x86_64-w64-mingw32-g++-posix'],
  install: 'apt-get install g++-mingw-w64-x86-64-posix',
  flags: ['-static', '-s'],
  definitions: ['-DUNICODE', '-D_UNICODE', '-D_WIN32_WINNT=0x0A00', '-DWIN32_LEAN_AND_MEAN', '-DNOMINMAX'],
  prepare: (require) => [
    [
      'x86_64-w64-mingw32-dlltool',
      '--input-def',
      require('node-api-headers').def_paths.node_api_def,
      '--output-delaylib',
      'libnode.a',
    ],
  ],
  libraries: (output) => [join(output, 'libnode.a')],
};

/** Of this machine; undefined where there is none. */
export const hostTarget = process.platform === 'linux' ? linux : undefined;

/** By the name that `process.platform` and `process.arch` make there. */
export const crossTargets = { 'win32-x64': windows };
