import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryPointsOf } from '../src/entry-points.mjs';
import { groupOf, pagesOf } from '../src/pages.mjs';
import { siteFaults } from '../src/site-faults.mjs';
import { stagePages } from '../src/staged-pages.mjs';

const workspace = join(import.meta.dirname, '..', '..', '..');
const repository = 'https://example.org/tls';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('a built site', () => {
  it.each([
    ['<a href="b.html">', 'pages/a.html: b.html: there is no such file'],
    ['<img class="x" src="b.svg">', 'pages/a.html: b.svg: there is no such file'],
    ['<a href="../pages">', 'pages/a.html: ../pages: there is no such file'],
    ['<a class="x" href="#b">', 'pages/a.html: #b: the page has no such anchor'],
    ['<a href="../index.html#b">', 'pages/a.html: ../index.html#b: the page has no such anchor'],
  ])('%s leads nowhere', (html, fault) => {
    write('index.html', '<p id="a">');
    write('pages/a.html', html);
    expect(siteFaults(folder)).toEqual([fault]);
  });

  it('a link to a file, an anchor, a part of a picture and the web is none', () => {
    write('index.html', '<p class="x" id="a">');
    write('icons.svg', '<svg><g id="b"></g></svg>');
    write(
      'pages/a.html',
      '<a href="../index.html#a"><use href="../icons.svg#b"><a href="https://example.org/#c"><a href="#">',
    );
    expect(siteFaults(folder)).toEqual([]);
  });
});

describe('pages for the site', () => {
  const pages = ['README.md', 'docs/a.md', 'docs/decisions/0001-b.md', 'packages/c/README.md'];

  function staged(page: string): string {
    stagePages({ root: folder, pages, into: join(folder, 'staged'), repository });
    return readFileSync(join(folder, 'staged', page), 'utf8');
  }

  beforeEach(() => {
    for (const page of pages) write(page, `# Of ${page}\n`);
    write('docs/picture.svg', '<svg/>');
    write('packages/c/src/index.ts', '');
  });

  it('have a title and a group, but the first, which has the site’s own name', () => {
    expect(staged('README.md')).toBe('');
    write('docs/a.md', '# A `b`\n\ntext\n');
    expect(staged('docs/a.md')).toBe('---\ntitle: "A b"\ngroup: "Guides and tables"\n---\n\n# A `b`\n\ntext\n');
  });

  it('lead to pages as pages, also from a folder to its README', () => {
    write('docs/decisions/0001-b.md', '# B\n\n[a](../a.md#x) [c](../../packages/c) [home](../..) [here](#y)\n');
    expect(staged('docs/decisions/0001-b.md')).toContain(
      '[a](../../docs/a.md#x) [c](../../packages/c/README.md) [home](../../README.md) [here](#y)',
    );
  });

  it('lead to sources and other folders in the repository', () => {
    write('docs/a.md', '# A\n\n[index](../packages/c/src/index.ts) [decisions](decisions)\n');
    expect(staged('docs/a.md')).toContain(
      `[index](${repository}/blob/main/packages/c/src/index.ts) [decisions](${repository}/tree/main/docs/decisions)`,
    );
  });

  it('have their pictures beside them', () => {
    write('docs/a.md', '# A\n\n![p](picture.svg)\n');
    expect(staged('docs/a.md')).toContain('![p](picture.svg)');
    expect(existsSync(join(folder, 'staged', 'docs', 'picture.svg'))).toBe(true);
  });
});

it('every page of the workspace has a title and a group', () => {
  const pages = pagesOf(workspace);
  const copies = stagePages({ root: workspace, pages, into: join(folder, 'staged'), repository });
  expect(copies).toHaveLength(pages.length);
  expect(new Set(pages.map(groupOf))).toEqual(
    new Set(['Start here', 'Features', 'Decisions', 'Guides and tables', 'Packages', 'About the project']),
  );
});

it('every entry of every public package is an entry point of the API, with a source that is there', () => {
  const entries = entryPointsOf(workspace);
  expect([...entries.keys()]).toEqual(
    expect.arrayContaining(['@org/tls-core', '@org/tls-core/node', '@org/x509/status']),
  );
  expect(entries.size).toBeGreaterThan(35);
  expect([...entries.values()].filter((file) => !existsSync(file))).toEqual([]);
});
