import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * What a build for each system takes, with any compiler.
 * - `folders` have the system's providers, and what else is its own
 * - `prepare` makes what is generated into a folder, and gives the flags that say where it is
 */
const linux = {
  folders: ['openssl', 'linux'],
  flags: [
    '-fPIC',
    '-fstack-protector-strong',
    '-Wl,-z,relro,-z,now',
    // Node unloads an addon with the last environment that has it, but the library and our threads go on calling it.
    '-Wl,-z,nodelete',
    '-Wl,--version-script=linux-exports.ver',
  ],
  libraries: ['-ldl', '-pthread'],
  prepare: () => [],
};

const windows = {
  folders: ['schannel', 'openssl', 'windows'],
  flags: ['-DNAPI_EXTERN=__declspec(dllimport)', '-DUNICODE', '-D_UNICODE', '-DWIN32_LEAN_AND_MEAN', '-DNOMINMAX'],
  libraries: [],
  prepare: listNodeApi,
};

const macos = {
  folders: ['secure-transport', 'openssl', 'macos'],
  // Node-API is the program's.
  flags: ['-fPIC', '-fstack-protector-strong', '-Wl,-undefined,dynamic_lookup', '-Wl,-install_name,tls_native.node'],
  libraries: [],
  prepare: () => [],
};

/** What is built for this machine itself; undefined where that is not done. */
export const hostSystem = process.platform === 'linux' ? linux : undefined;

/**
 * The binaries that the package has. A name is what `process.platform` and `process.arch` say there, and on Linux the C library; `triple` is
 * what Zig calls it, with the oldest version of the C library or of the system that it may need.
 */
export const targets = {
  'linux-x64-glibc': { system: linux, triple: 'x86_64-linux-gnu.2.28' },
  'linux-arm64-glibc': { system: linux, triple: 'aarch64-linux-gnu.2.28' },
  'linux-x64-musl': { system: linux, triple: 'x86_64-linux-musl' },
  'linux-arm64-musl': { system: linux, triple: 'aarch64-linux-musl' },
  'win32-x64': { system: windows, triple: 'x86_64-windows.win10-gnu' },
  'win32-arm64': { system: windows, triple: 'aarch64-windows.win10-gnu' },
  'darwin-x64': { system: macos, triple: 'x86_64-macos.11.0' },
  'darwin-arm64': { system: macos, triple: 'aarch64-macos.11.0' },
};

/** Lists the names of all functions of Node-API, for `windows/node-host.cc`. */
function listNodeApi(output) {
  const { def_paths: paths } = createRequire(import.meta.url)('node-api-headers');
  const words = readFileSync(paths.node_api_def, 'utf8').split(/\s+/);
  const names = words.filter((word) => /^(napi|node_api)_/.test(word));
  writeFileSync(join(output, 'node-api.inc'), names.map((name) => `NODE_API(${name})\n`).join(''));
  return ['-I', output];
}
