import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectExamples } from '@org/release/examples';
import { expect, it } from 'vitest';
import { root } from './code-blocks.ts';

const folder = 'docs/features';
const pages = (await readdir(join(root, folder))).filter((name) => name.endsWith('.md'));

it('every page about a feature has an example that runs', () => {
  const withExample = new Set(collectExamples(root, () => false).map(({ page }) => page));
  expect(pages.filter((page) => !withExample.has(`${folder}/${page}`))).toEqual([]);
});

it('README links to every page about a feature', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  expect(pages.filter((page) => !readme.includes(`(${folder}/${page})`))).toEqual([]);
});

it('pages about features link to files that are there', async () => {
  const missing: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(root, folder, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)) {
      const isThere = await access(join(root, folder, target)).then(
        () => true,
        () => false,
      );
      if (!isThere) missing.push(`${page}: ${target}`);
    }
  }
  expect(missing).toEqual([]);
});
