import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where the repository begins. */
export const root = join(import.meta.dirname, '..', '..', '..');
/** Where examples are put as modules: they find the packages from there. */
export const folder = join(import.meta.dirname, '.examples');

/** The TypeScript blocks of a page, in order. Throws when there are none. */
export async function codeBlocks(page: string): Promise<readonly string[]> {
  return blocksOf(page, /^```ts\n([^]*?)^```$/gm);
}

/** As `codeBlocks`, of JSON. */
export async function jsonBlocks(page: string): Promise<readonly string[]> {
  return blocksOf(page, /^```json\n([^]*?)^```$/gm);
}

/** As `codeBlocks`, of test files: blocks marked `ts test`. */
export async function testBlocks(page: string): Promise<readonly string[]> {
  return blocksOf(page, /^```ts test\n([^]*?)^```$/gm);
}

/** As `codeBlocks`, of programs for a page: blocks marked `ts browser`. */
export async function browserBlocks(page: string): Promise<readonly string[]> {
  return blocksOf(page, /^```ts browser\n([^]*?)^```$/gm);
}

/** As `codeBlocks`, of shell commands that need OpenSSL: blocks marked `sh openssl`. */
export async function opensslBlocks(page: string): Promise<readonly string[]> {
  return blocksOf(page, /^```sh openssl\n([^]*?)^```$/gm);
}

async function blocksOf(page: string, pattern: RegExp): Promise<readonly string[]> {
  const text = await readFile(join(root, page), 'utf8');
  const blocks = [...text.matchAll(pattern)].map(([, code = '']) => code);
  if (blocks.length === 0) throw new Error(`${page} has no example`);
  return blocks;
}

/**
 * Runs a block as a module.
 * @param changes what stands in the documentation, and what it is here; each must be there
 * @param before code that makes what the block takes for granted
 * @returns what the module exports; `after` may export more
 */
export async function runBlock(
  name: string,
  code: string,
  {
    changes = {},
    before = '',
    after = '',
  }: { readonly changes?: Readonly<Record<string, string>>; readonly before?: string; readonly after?: string },
): Promise<Readonly<Record<string, unknown>>> {
  let changed = code;
  for (const [from, to] of Object.entries(changes)) {
    if (!changed.includes(from)) throw new Error(`${name}: the example no longer holds ${from}`);
    changed = changed.replaceAll(from, to);
  }
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  await writeFile(file, `${before}\n${changed}\n${after}\nexport {};\n`);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
}
