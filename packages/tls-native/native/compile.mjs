// What the builds of the addon and of the unit tests share: the compiler that is there, and nothing done twice.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The first of the compilers that can be run.
 * @param install the command that gets one on Debian
 * @throws Error when there is none, with all names
 */
export function findCompiler(
  names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter(Boolean),
  install = 'apt-get install g++',
) {
  const found = names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found !== undefined) return found;
  throw new Error(`no C++ compiler found (tried ${names.join(', ')}); on Debian: ${install}`);
}

/** Files of a folder below `native`, sorted, each with the folder's name. */
export function filesOf(native, folder, ending) {
  return readdirSync(join(native, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** A digest of a command and of all that it reads, and of who runs it. */
export function fingerprint(native, command, files) {
  const digest = createHash('sha256').update(JSON.stringify([command, process.arch]));
  for (const file of files) digest.update(file).update(readFileSync(join(native, file)));
  return digest.digest('hex');
}

/** Whether a file was made by what has this fingerprint; whoever makes it writes the stamp. */
export function isFresh(file, stamp, expected) {
  return existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === expected;
}
