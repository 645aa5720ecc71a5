import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Lays out what undici's tests expect around them: a copy of the tests, beside the very undici that `@org/http-client` has, and the packages that
 * the tests need. The tests may write into their folder; the checkout stays as it is.
 * @param checkout undici's repository, with its development dependencies installed
 */
export function layOut(checkout: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(checkout, 'test'), join(folder, 'test'), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  const undici = dirname(createRequire(import.meta.url).resolve('undici/package.json'));
  for (const name of ['lib', 'types', 'docs', 'scripts', 'index.js', 'index-fetch.js', 'package.json', 'README.md']) {
    symlinkSync(join(undici, name), join(folder, name));
  }
}
