// What is in the folder `prebuilds`: a binary for each target, and a list that says what they were made from.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesOf } from './compile.mjs';
import { targets } from './targets.mjs';

const native = import.meta.dirname;

/** Where the loader looks for a binary, in the published package too. */
export const folder = join(native, '..', 'prebuilds');

const list = join(folder, 'binaries.json');

export function pathOf(target) {
  return join(folder, `${target}.node`);
}

/** Gives the version of Zig that builds them. */
export function zigVersion() {
  return /^ziglang==(\S+)/m.exec(readFileSync(join(native, requirements), 'utf8'))[1];
}

/** Gives the targets whose binary is not there, is another one than was built, or was built from other sources. */
export function staleTargets() {
  const { sources, sha256 = {} } = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
  const isOfToday = sources === sourcesDigest();
  return Object.keys(targets).filter(
    (target) => !isOfToday || !existsSync(pathOf(target)) || sha256[target] !== digestOf(pathOf(target)),
  );
}

/** Writes down that these targets were built from the sources of a digest. */
export function record(built, sources) {
  const sha256 = Object.fromEntries(built.map((target) => [target, digestOf(pathOf(target))]));
  writeFileSync(list, `${JSON.stringify({ zig: zigVersion(), sources, sha256 }, undefined, 2)}\n`);
}

function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Computes a digest of all that a binary depends on. It is the same on every machine. */
export function sourcesDigest() {
  const require = createRequire(import.meta.url);
  const digest = createHash('sha256');
  for (const { name, version } of [require('node-addon-api/package.json'), require('node-api-headers/package.json')]) {
    digest.update(`${name} ${version}\n`);
  }
  const sources = ['.', ...codeFolders()].flatMap((each) =>
    ['.cc', '.hh'].flatMap((ending) => filesOf(native, each, ending)),
  );
  for (const file of [...sources, requirements, 'targets.mjs', 'command.mjs', 'binaries.mjs', 'linux-exports.ver']) {
    digest.update(file).update(readFileSync(join(native, file)));
  }
  return digest.digest('hex');
}

function codeFolders() {
  const entries = readdirSync(native, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'test')
    .map(({ name }) => name)
    .sort();
}

const requirements = 'zig-requirements.txt';
