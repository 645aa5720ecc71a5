import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { expect, it, vi } from 'vitest';
import { root, runBlock, runnableBlocks } from './code-blocks.ts';

const folder = 'docs/features';
const pages = (await readdir(join(root, folder))).filter((name) => name.endsWith('.md'));

const otherPages = ['docs/fleet.md', 'docs/sockets.md', 'docs/starttls.md', 'packages/tls-crypto/README.md'];
const pagesThatRun = [...pages.map((page) => join(folder, page)), ...otherPages];

it.each(pagesThatRun)('%s: each runnable example logs what the page says', async (page) => {
  const examples = await runnableBlocks(page);
  for (const [index, { code, output }] of examples.entries()) {
    expect(await linesLogged(`${page.replace('.md', '').replaceAll('/', '-')}-${index}`, code)).toEqual(output);
  }
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

/** Runs an example and gives back what it logged, line by line, as a terminal would show it. */
async function linesLogged(name: string, code: string): Promise<readonly string[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await runBlock(name, code, {});
    return log.mock.calls.flatMap((values) => format(...values).split('\n'));
  } finally {
    log.mockRestore();
  }
}
