// Builds the binaries of the published package into `prebuilds`, crosswise, with Zig: `node native/binaries.mjs [target …]`, without a target all
// of them. What is up to date is not built again. The environment variable ZIG names the program where it is not `zig`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addonCommand, packagedHeaders } from './command.mjs';
import { folder, pathOf, record, sourcesDigest, staleTargets, zigVersion } from './prebuilt.mjs';
import { targets } from './targets.mjs';

const native = import.meta.dirname;
const zig = process.env.ZIG || 'zig';
const names = Object.keys(targets);
const wanted = process.argv.length > 2 ? process.argv.slice(2) : names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new TypeError(`unknown target ${unknown.join(', ')}; known: ${names.join(', ')}`);
requireZig();

const sources = sourcesDigest();
const stale = staleTargets();
mkdirSync(folder, { recursive: true });
const current = names.filter((name) => !stale.includes(name));
for (const name of wanted.filter((each) => stale.includes(each))) {
  build(name);
  current.push(name);
  record(current, sources);
}

function requireZig() {
  const { status, stdout, error } = spawnSync(zig, ['version'], { encoding: 'utf8' });
  const found = status === 0 ? stdout.trim() : `none (${error?.message ?? `${zig} ended with ${status}`})`;
  if (found !== zigVersion()) throw new Error(`expected Zig ${zigVersion()}, got ${found}`);
}

function build(name) {
  const { system, triple } = targets[name];
  const began = Date.now();
  const output = join(native, '..', 'build', name);
  mkdirSync(output, { recursive: true });
  const binary = join(output, 'tls_native.node');
  const generated = system.prepare(output);
  const { flags } = addonCommand(system, packagedHeaders());
  // `-s` leaves the symbols out.
  const command = ['c++', '-target', triple, '-s', ...generated, ...flags, ...system.libraries, '-o', binary];
  const { status, signal } = spawnSync(zig, command, { cwd: native, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${name}: ${zig} failed (${status ?? signal})`);
  copyFileSync(binary, pathOf(name));
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`tls-native: ${name}: ${Math.round(statSync(pathOf(name)).size / 1024)} KiB, in ${seconds} s`);
}
