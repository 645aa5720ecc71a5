import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One of Node's test files. */
export interface TestFile {
  /** The file's name without its extension, such as `test-tls-alert`. */
  readonly name: string;
  readonly path: string;
  readonly source: string;
  /** What the file wants on Node's command line (`// Flags: --expose-gc`). */
  readonly flags: readonly string[];
}

/**
 * Reads the tests of a suite.
 * @param folder Node's `test` folder, with `parallel`, `common` and `fixtures`
 * @param prefix how the tests' names begin, such as `test-tls-`
 */
export function readTests(folder: string, prefix: string): readonly TestFile[] {
  const parallel = join(folder, 'parallel');
  const names = readdirSync(parallel).filter((file) => file.startsWith(prefix) && /\.m?js$/.test(file));
  return names.toSorted().map((file) => {
    const path = join(parallel, file);
    const source = readFileSync(path, 'utf8');
    return { name: file.replace(/\.m?js$/, ''), path, source, flags: flagsOf(source) };
  });
}

/** Gives the flags of all `// Flags:` lines, in their order. */
export function flagsOf(source: string): readonly string[] {
  return [...source.matchAll(/^\/\/ Flags:(.*)$/gm)].flatMap(([, flags = '']) => flags.split(/\s+/).filter(Boolean));
}

/** Gives a digest of the tests, by which a score says what it was measured with. */
export function digestOf(tests: readonly TestFile[]): string {
  const hash = createHash('sha256');
  for (const { name, source } of tests) hash.update(`${name}\0${source}\0`);
  return hash.digest('hex');
}
