import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..', 'src');

/** All files that an entry reaches, with what they import from elsewhere. */
async function importsOf(
  entry: string,
  seen = new Map<string, readonly string[]>(),
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (seen.has(entry)) return seen;
  const text = await readFile(entry, 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import) '([^']+)'/g)].map(([, specifier = '']) => specifier);
  seen.set(
    entry,
    specifiers.filter((specifier) => !specifier.startsWith('.')),
  );
  for (const specifier of specifiers)
    if (specifier.startsWith('.')) await importsOf(join(dirname(entry), specifier), seen);
  return seen;
}

it.each([
  ['the entry `.`', 'index.ts', 15],
  ['the entry `./backend`', 'backend/index.ts', 15],
  ['the entry `./web`', 'web/index.ts', 15],
  ['the entry `./trust-stores` without the condition `node`', 'trust-stores/unavailable.ts', 1],
])('%s reaches no file that imports anything from elsewhere', async (_name, entry, files) => {
  const found = await importsOf(join(source, entry));
  expect(found.size).toBeGreaterThan(files);
  expect([...found.values()].flat()).toEqual([]);
});

it('the walk sees what it looks for', async () => {
  const files = await importsOf(join(source, 'node', 'index.ts'));
  expect([...files.values()].flat()).toContain('node:stream');
});
