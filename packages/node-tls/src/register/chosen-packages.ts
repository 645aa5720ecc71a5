import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The names in `NODE_TLS_PACKAGES`; `undefined`: it is not set, or empty, and the whole process is meant. */
export function chosenPackages(variable: string | undefined): readonly string[] | undefined {
  const names = (variable ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? undefined : names;
}

/**
 * Those of some packages that are in no `node_modules` above the program or the working directory, nor in pnpm's own: a name that was
 * misspelt would leave its package with Node's TLS, and nobody would know.
 */
export function absentPackages(names: readonly string[]): readonly string[] {
  // Yarn's Plug'n'Play has no such folders
  if (process.versions['pnp'] !== undefined) return [];
  const [, program] = process.argv;
  const bases = [join(process.cwd(), 'program'), ...(program === undefined ? [] : [program])];
  const folders = bases.flatMap((base) => createRequire(base).resolve.paths('any') ?? []);
  const places = folders.flatMap((folder) => [folder, join(folder, '.pnpm', 'node_modules')]);
  return names.filter((name) => !places.some((place) => existsSync(join(place, name))));
}
