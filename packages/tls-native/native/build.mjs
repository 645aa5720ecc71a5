// Builds the addon with the C++ compiler of the machine: it needs no Python and no download, and does nothing when the addon is
// up to date. node native/build.mjs                       for this machine: build/Release/tls_native.node node native/build.mjs
// --target win32-x64    crosswise: build/win32-x64/tls_native.node
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf, findCompiler, fingerprint, isFresh } from './compile.mjs';
import { crossTargets, hostTarget } from './targets.mjs';

const native = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: { target: { type: 'string' } } });
const target = options.target === undefined ? hostTarget : crossTargets[options.target];
if (target === undefined && options.target !== undefined) {
  throw new TypeError(`unknown target ${options.target}; known: ${Object.keys(crossTargets).join(', ')}`);
}
if (target === undefined) {
  console.log(`tls-native: there is no native backend for ${process.platform} yet; nothing to build`);
  process.exit(0);
}

const output = join(native, '..', 'build', options.target ?? 'Release');
const binary = join(output, 'tls_native.node');
const stamp = join(output, 'sources.sha256');

const folders = ['addon', 'crypto', target.folder];
const sources = [...folders.flatMap((folder) => filesOf(native, folder, '.cc')), ...target.sources];
const headers = ['.', ...folders].flatMap((folder) => filesOf(native, folder, '.hh'));
const flags = ['-std=c++17', '-O2', ...target.flags, '-shared', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror'];
const definitions = [
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_DISABLE_DEPRECATED',
  // A Node-API call that fails throws, and node-addon-api catches that at the border, so that nothing works on with an empty value.
  '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL',
  // A worker that is being terminated cannot throw any more, which is no reason to end the process.
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  ...target.definitions,
];
const require = createRequire(import.meta.url);
const includes = [dirname(require.resolve('node-addon-api/napi.h')), nodeApiHeaders()]
  .map((folder) => ['-isystem', folder])
  .flat();
const compiler = findCompiler(target.compilers, target.install);
const command = [
  ...flags,
  ...definitions,
  ...includes,
  ...sources,
  '-static-libstdc++',
  '-static-libgcc',
  ...target.libraries,
  '-o',
  binary,
];

const expected = fingerprint(native, [compiler, ...command], [...sources, ...headers]);
if (isFresh(binary, stamp, expected)) process.exit(0);

mkdirSync(output, { recursive: true });
const result = spawnSync(compiler, [...target.prepare(output, require), ...command], { cwd: native, stdio: 'inherit' });
if (result.status !== 0) {
  console.error(`tls-native: ${compiler} failed (${result.status ?? result.signal})`);
  process.exit(1);
}
writeFileSync(stamp, expected);

/** Gives the headers of the running Node where it has them, else those of the package. Node-API is the same in all of them. */
function nodeApiHeaders() {
  const own = join(dirname(dirname(process.execPath)), 'include', 'node');
  return existsSync(join(own, 'node_api.h')) ? own : require('node-api-headers').include_dir;
}
