import { createRequire } from 'node:module';

/**
 * Finds the file of a package, or of an entry of one.
 * @param bases the modules from which it is looked for, the nearest first
 * @throws Error what Node says of the last of them
 */
export function pathOfPackage(specifier: string, bases: readonly string[]): string {
  let cause: unknown;
  for (const base of bases) {
    try {
      return createRequire(base).resolve(specifier);
    } catch (error) {
      cause = error;
    }
  }
  throw cause;
}
