// Builds the addon for macOS on another system: `node native/cross-darwin.mjs --target darwin-arm64` (or darwin-x64). Opt-in.
// It takes clang++, lld and libc++'s headers (on Debian: clang-14 lld-14 llvm-14 libc++-14-dev), and nothing of Apple's: the
// C library's headers are declared in secure-transport/sysroot, and the system's libraries are stubs made here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const deployment = '11.0';
const architectures = { 'darwin-arm64': 'arm64', 'darwin-x64': 'x86_64' };
const libraries = {
  cxx: '/usr/lib/libc++.1.dylib',
  system: '/usr/lib/libSystem.B.dylib',
};
/** All symbols of libSystem that the addon needs. A symbol that is not listed here is called by mistake. */
const systemSymbols = new Set([
  'abort',
  'bzero',
  'dladdr',
  'dlerror',
  'dlopen',
  'dlsym',
  'fprintf',
  'fputs',
  'free',
  'fwrite',
  'inet_pton',
  'malloc',
  'memchr',
  'memcmp',
  'memcpy',
  'memmove',
  'memset',
  'memset_pattern16',
  'strcmp',
  'strlen',
  'snprintf',
  'vsnprintf',
  'pthread_create',
  'pthread_getspecific',
  'pthread_key_create',
  'pthread_mutex_lock',
  'pthread_mutex_unlock',
  'pthread_setspecific',
  '_Unwind_Resume',
  '__bzero',
  '__cxa_atexit',
  '__stack_chk_fail',
  '__stack_chk_guard',
  '__stderrp',
  'dyld_stub_binder',
]);
const entryPoints = ['_napi_register_module_v1', '_node_api_module_get_api_version_v1'];

const target = readTarget();
const architecture = architectures[target];
const native = dirname(fileURLToPath(import.meta.url));
const output = join(native, '..', 'build', 'cross', target);
const binary = join(output, 'tls_native.node');
const tools = findTools();

mkdirSync(output, { recursive: true });
const objects = compile();
const wanted = undefinedSymbols(objects);
const stubs = writeStubs(wanted);
link(objects, stubs);
check(wanted);
console.log(`tls-native: ${binary} is built for ${target}; it has not been run on a Mac`);

function readTarget() {
  const { values } = parseArgs({ options: { target: { type: 'string' } } });
  if (values.target !== undefined && Object.hasOwn(architectures, values.target)) return values.target;
  throw new Error(`--target: expected ${Object.keys(architectures).join(' or ')}, got ${values.target}`);
}

/** Finds the compiler of this machine, and the tools beside it. */
function findTools() {
  const candidates = [process.env.CROSS_CXX, 'clang++', 'clang++-19', 'clang++-16', 'clang++-14'].filter(Boolean);
  const tried = [];
  for (const compiler of candidates) {
    const answer = spawnSync(compiler, ['-print-resource-dir'], { encoding: 'utf8' });
    if (answer.status !== 0) {
      tried.push(`${compiler}: not there`);
      continue;
    }
    const root = join(answer.stdout.trim(), '..', '..', '..');
    const headers = join(root, 'include', 'c++', 'v1');
    const found = {
      compiler,
      headers,
      linker: join(root, 'bin', 'ld64.lld'),
      nm: join(root, 'bin', 'llvm-nm'),
      objdump: join(root, 'bin', 'llvm-objdump'),
    };
    const missing = Object.values(found).filter((path) => path !== compiler && !existsSync(path));
    if (missing.length === 0) return found;
    tried.push(`${compiler}: without ${missing.join(', ')}`);
  }
  throw new Error(
    `no cross compiler (${tried.join('; ')}); on Debian: apt-get install clang-14 lld-14 llvm-14 libc++-14-dev`,
  );
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: native, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status === 0) return result.stdout;
  throw new Error(`${basename(command)} failed (${result.status ?? result.signal}):\n${result.stderr ?? ''}`);
}

function compile() {
  const require = createRequire(import.meta.url);
  const flags = [
    '-target',
    `${architecture}-apple-macos${deployment}`,
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-fvisibility=hidden',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-fstack-protector-strong',
    // Only what is given here is searched: neither this system's headers nor its C++ library.
    '-nostdinc++',
    '-nostdlibinc',
    '-D_LIBCPP_HAS_NO_LOCALIZATION',
    '-isystem',
    tools.headers,
    '-isystem',
    join(native, 'secure-transport', 'sysroot'),
    '-isystem',
    dirname(require.resolve('node-addon-api/napi.h')),
    '-isystem',
    require('node-api-headers').include_dir,
    // These options are the same as in build.mjs.
    '-DNAPI_VERSION=8',
    '-DNODE_ADDON_API_DISABLE_DEPRECATED',
    '-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  ];
  return ['addon', 'crypto', 'secure-transport'].flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((name) => name.endsWith('.cc'))
      .sort()
      .map((name) => {
        const object = join(output, `${folder}-${name.slice(0, -3)}.o`);
        run(tools.compiler, [...flags, '-c', join(folder, name), '-o', object]);
        return object;
      }),
  );
}

/** Sorts the undefined symbols by who has them: the host (Node), libc++ or libSystem. */
function undefinedSymbols(files) {
  const list = (option) =>
    new Set(
      run(tools.nm, ['-j', option, ...files])
        .split('\n')
        .filter((line) => line.startsWith('_')),
    );
  const defined = list('--defined-only');
  const found = { host: [], cxx: [], system: ['dyld_stub_binder'] };
  for (const symbol of list('--undefined-only')) {
    if (!defined.has(symbol) && symbol !== '___dso_handle') found[ownerOf(symbol)].push(symbol);
  }
  return found;
}

function ownerOf(symbol) {
  if (/^_(napi|node_api)_/.test(symbol)) return 'host';
  if (systemSymbols.has(symbol.slice(1))) return 'system';
  // These are the symbols of std with its tables and types, the types of the runtime, the operators new and delete, and the runtime itself.
  if (/^__Z(N?K?St|NKSt|T[ISV]N?St|T[ISV]N10__cxxabiv1|n[aw]|d[al])|^___(cxa|gxx|dynamic_cast)(_|$)/.test(symbol))
    return 'cxx';
  throw new Error(`${symbol} is of no library that is known here`);
}

/** Writes text-based stubs (TAPI 4), each with a library's name and those of its symbols that are needed. */
function writeStubs({ cxx, system }) {
  return Object.entries({ cxx, system }).map(([name, symbols]) => {
    const file = join(output, `${name}.tbd`);
    const lines = [
      '--- !tapi-tbd',
      'tbd-version: 4',
      `targets: [ ${architecture}-macos ]`,
      `install-name: '${libraries[name]}'`,
      'exports:',
      `  - targets: [ ${architecture}-macos ]`,
      `    symbols: [ ${symbols.map((symbol) => `'${symbol}'`).join(', ')} ]`,
      '...',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  });
}

function link(files, stubFiles) {
  run(tools.linker, [
    '-arch',
    architecture,
    '-platform_version',
    'macos',
    deployment,
    deployment,
    '-bundle',
    '-dead_strip',
    '-undefined',
    'dynamic_lookup',
    '-o',
    binary,
    ...files,
    ...stubFiles,
  ]);
}

/** Checks that a Mac can load it, that it exports the addon's entry points, and that it needs what it should and no more. */
function check(expected) {
  const headers = run(tools.objdump, ['--macho', '--private-headers', binary]);
  if (!/\bBUNDLE\b/.test(headers)) throw new Error(`${binary} is no bundle`);
  const needed = [...headers.matchAll(/^\s+name (\/\S+) \(offset/gm)].map(([, name]) => name);
  const known = Object.values(libraries);
  if (needed.length !== known.length || !known.every((name) => needed.includes(name))) {
    throw new Error(`${binary} needs ${needed.join(', ')}; expected ${known.join(', ')}`);
  }
  // An arm64 Mac loads nothing that is unsigned; lld signs ad hoc.
  if (architecture === 'arm64' && !headers.includes('LC_CODE_SIGNATURE')) throw new Error(`${binary} is not signed`);
  const list = (...options) =>
    run(tools.nm, ['-j', ...options, binary])
      .split('\n')
      .filter(Boolean);
  const exported = list('--extern-only', '--defined-only').filter((symbol) => symbol !== '__mh_bundle_header');
  if (!entryPoints.every((symbol) => exported.includes(symbol))) {
    throw new Error(`${binary} exports ${exported.join(', ')}; expected ${entryPoints.join(', ')}`);
  }
  const all = new Set([...expected.host, ...expected.cxx, ...expected.system]);
  const surplus = list('--undefined-only').filter((symbol) => !all.has(symbol));
  if (surplus.length > 0) throw new Error(`${binary} needs ${surplus.join(', ')}`);
}
