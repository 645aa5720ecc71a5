// Makes `prebuilds` ready to be packed: what was built from other sources goes, and the one for this machine is what the C++ compiler has built
// where Zig has not. That is good enough for tests. With `--all`, as before a publication, every binary must be Zig's, and of today's sources.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folder, pathOf, staleTargets } from './prebuilt.mjs';

const { values: options } = parseArgs({ options: { all: { type: 'boolean' } } });
const stale = staleTargets();
if (stale.length > 0 && options.all === true) {
  throw new Error(`no binary of today's sources for ${stale.join(', ')}: build them first (npm run binaries)`);
}
for (const target of stale) rmSync(pathOf(target), { force: true });
if (stale.includes(thisMachine())) putOwn();

function thisMachine() {
  const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  const libc = process.platform === 'linux' ? `-${isGlibc ? 'glibc' : 'musl'}` : '';
  return `${process.platform}-${process.arch}${libc}`;
}

function putOwn() {
  const built = join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node');
  if (!existsSync(built)) throw new Error(`${built} is not there: build it first (pnpm build)`);
  mkdirSync(folder, { recursive: true });
  const binary = pathOf(thisMachine());
  const { status, error } = spawnSync('strip', ['--strip-all', '-o', binary, built], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`strip failed (${error?.message ?? status}); on Debian: apt-get install binutils`);
  console.log(`tls-native: ${binary}, ${statSync(binary).size} bytes, of this machine's compiler`);
}
