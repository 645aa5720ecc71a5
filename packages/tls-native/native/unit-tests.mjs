// Builds the plain C++ test programs with the sanitizers: one for each folder that has test/<folder>-*.cc. It prints one line of JSON, which
// has the program of each. What is up to date is not compiled again.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf, findCompiler, fingerprint, isFresh } from './compile.mjs';

const native = dirname(fileURLToPath(import.meta.url));
const output = join(native, '..', 'build', 'units');
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const flags = [
  '-std=c++17',
  '-g1',
  // They should rather compile fast than run fast: with -O1 a file takes more than twice as long.
  '-O0',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-I.',
  ...sanitizers,
  // AddressSanitizer refuses RTLD_DEEPBIND. It is not needed, as a plain program has no OpenSSL that could get in between.
  '-DTLS_WITHOUT_DEEPBIND',
];
const compiler = findCompiler();

/** Folders that the code of others calls. */
const shared = ['loader'];

const tests = filesOf(native, 'test', '.cc').filter((file) => basename(file) !== 'main.cc');
const platforms = readdirSync(native, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => tests.some((file) => file.startsWith(`test/${name}-`)));
const orphans = tests.filter((file) => !platforms.some((name) => file.startsWith(`test/${name}-`)));
if (orphans.length > 0) throw new Error(`no platform's folder for ${orphans.join(', ')}`);

const programs = {};
for (const platform of platforms) programs[platform] = await build(platform);
console.log(JSON.stringify(programs));

async function build(platform) {
  const folder = join(output, platform);
  mkdirSync(folder, { recursive: true });
  const prefix = `test/${platform}-`;
  const own = tests.filter((file) => file.startsWith(prefix));
  const folders = [...new Set([platform, ...shared])];
  const code = folders.flatMap((each) => filesOf(native, each, '.cc'));
  const sources = [...code, ...own, ...(own.some(hasMain) ? [] : ['test/main.cc'])];
  const frame = filesOf(native, 'test', '.hh').filter((file) => file === 'test/check.hh' || file.startsWith(prefix));
  const headers = [...['.', ...folders].flatMap((each) => filesOf(native, each, '.hh')), ...frame];
  const waiting = sources.map((source) => ({ source, object: join(folder, `${source.replaceAll('/', '-')}.o`) }));
  const objects = waiting.map(({ object }) => object);
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { source, object } = next;
        // oxlint-disable-next-line no-await-in-loop -- as many at once as there are cores
        await make(object, ['-c', ...flags, source, '-o', object], [source, ...headers]);
      }
    }),
  );
  const program = join(folder, 'units');
  await make(program, [...sanitizers, ...objects, '-ldl', '-pthread', '-o', program], [...sources, ...headers]);
  return program;
}

function hasMain(file) {
  return /^int main\(/m.test(readFileSync(join(native, file), 'utf8'));
}

async function make(file, args, inputs) {
  const expected = fingerprint(native, [compiler, ...args], inputs);
  const stamp = `${file}.sha256`;
  if (isFresh(file, stamp, expected)) return;
  const child = spawn(compiler, args, { cwd: native, stdio: ['ignore', 'inherit', 'inherit'] });
  const [status, error] = await new Promise((resolve) => {
    child
      .once('close', (code, signal) => resolve([code ?? signal, undefined]))
      .once('error', (cause) => resolve(['', cause]));
  });
  if (status !== 0) throw new Error(`${compiler} ${args.join(' ')} failed (${error?.message ?? status})`);
  writeFileSync(stamp, expected);
}
