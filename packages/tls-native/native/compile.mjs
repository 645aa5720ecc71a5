// What the builds of the addon and of the unit tests share: they find a compiler, and make nothing twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives the first C++ compiler that can be run.
 * @throws Error that lists what was tried, when there is none
 */
export function findCompiler() {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter(Boolean);
  const found = names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  throw new Error(`no C++ compiler found (tried ${names.join(', ')}); on Debian: apt-get install g++`);
}

/** Lists the files of a folder below `native`, sorted, each with the folder's name. */
export function filesOf(native, folder, ending) {
  return readdirSync(join(native, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Computes a digest of a command, of all files that it reads, and of the program that runs it. */
export function fingerprint(native, command, files) {
  const digest = createHash('sha256').update(JSON.stringify([command, process.arch]));
  for (const file of files) digest.update(file).update(readFileSync(join(native, file)));
  return digest.digest('hex');
}

/** Tells whether a file was made from what has this fingerprint. Whoever makes the file writes the stamp. */
export function isFresh(file, stamp, expected) {
  return existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === expected;
}
