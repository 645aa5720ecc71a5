import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tls-windows-tests');

/**
 * The folder `name` of the cache, outside of the project. Where it is missing, `make` fills a new one, which gets its
 * name when it is whole: what was broken off is never used, and two runs at once do not meet.
 * @param name with everything in it that decides what is inside
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
