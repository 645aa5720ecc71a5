import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tls-tooling');

/**
 * Gives the folder `name` of the cache, which is outside of the project. Where it does not exist, `make` fills a new one, which gets its
 * name when it is whole: an interrupted one is never used, and two runs at once do not disturb each other.
 * @param name contains everything that decides what is inside
 * @returns its path
 */
export function cached(name, make) {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const made = join(folder, `${name}.${randomUUID()}`);
  try {
    make(made);
    if (!existsSync(path)) renameSync(made, path);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return path;
}
