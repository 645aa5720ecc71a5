// Builds build/Release/tls_native.node with the C++ compiler that is there: no Python, no download, and nothing when it is up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf, findCompiler, fingerprint, isFresh } from './compile.mjs';

const native = dirname(fileURLToPath(import.meta.url));
const output = join(native, '..', 'build', 'Release');
const binary = join(output, 'tls_native.node');
const stamp = join(output, 'sources.sha256');

if (process.platform !== 'linux') {
  console.log(`tls-native: there is no native backend for ${process.platform} yet; nothing to build`);
  process.exit(0);
}

const sources = [...filesOf(native, 'addon', '.cc'), ...filesOf(native, 'openssl', '.cc')];
const headers = ['provider.hh', ...filesOf(native, 'addon', '.hh'), ...filesOf(native, 'openssl', '.hh')];
const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror'];
const definitions = [
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_DISABLE_DEPRECATED',
  // a Node-API call that fails throws, and node-addon-api catches at the border: no empty value is worked on with
  '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL',
  // a worker that is being terminated can throw nothing any more; that is no reason to end the process
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
const require = createRequire(import.meta.url);
const includes = [dirname(require.resolve('node-addon-api/napi.h')), nodeApiHeaders()]
  .map((folder) => ['-isystem', folder])
  .flat();
const compiler = findCompiler();
const command = [
  ...flags,
  ...definitions,
  ...includes,
  ...sources,
  '-static-libstdc++',
  '-static-libgcc',
  '-ldl',
  '-pthread',
  '-o',
  binary,
];

const expected = fingerprint(native, [compiler, ...command], [...sources, ...headers]);
if (isFresh(binary, stamp, expected)) process.exit(0);

mkdirSync(output, { recursive: true });
const result = spawnSync(compiler, command, { cwd: native, stdio: 'inherit' });
if (result.status !== 0) {
  console.error(`tls-native: ${compiler} failed (${result.status ?? result.signal})`);
  process.exit(1);
}
writeFileSync(stamp, expected);

/** The headers of the running Node where it brings them, else the package's: Node-API is the same in all of them. */
function nodeApiHeaders() {
  const own = join(dirname(dirname(process.execPath)), 'include', 'node');
  return existsSync(join(own, 'node_api.h')) ? own : require('node-api-headers').include_dir;
}
