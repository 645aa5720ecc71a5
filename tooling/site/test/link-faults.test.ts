import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkFaults } from '../src/link-faults.mjs';
import { anchorsOf, linksOf, replaceLinks, titleOf } from '../src/markdown-links.mjs';
import { pagesOf } from '../src/pages.mjs';

const workspace = join(import.meta.dirname, '..', '..', '..');

it('every link of a page leads to a file, a folder or a heading that is there', () => {
  const pages = pagesOf(workspace);
  expect(pages.length).toBeGreaterThan(100);
  expect(linkFaults(workspace, pages)).toEqual([]);
});

describe('a link that leads nowhere is told', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'site-links-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  it.each([
    ['[a](b.md)', 'docs/a.md: b.md: there is no such file'],
    ['[`a`](b.md "a title")', 'docs/a.md: b.md: there is no such file'],
    ['![a](b.svg)', 'docs/a.md: b.svg: there is no such file'],
    ['[a](../../b.md)', 'docs/a.md: ../../b.md: there is no such file'],
    ['[a](#b)', 'docs/a.md: #b: the page has no such heading'],
    ['[a](../README.md#b)', 'docs/a.md: ../README.md#b: the page has no such heading'],
    ['[a](..#b)', 'docs/a.md: ..#b: only a page has anchors'],
  ])('%s', (link, fault) => {
    write('README.md', '# A\n');
    write('docs/a.md', `# A page\n\n${link}\n`);
    expect(linkFaults(root, ['docs/a.md'])).toEqual([fault]);
  });

  it('one that leads somewhere is not', () => {
    write('README.md', '# A\n\n## What `b` is, and why\n');
    const links = ['../README.md#what-b-is-and-why', '#a-page', '..', '../README.md', 'https://example.org/none#x'];
    write('docs/a.md', `# A page\n\n${links.map((target) => `[a](${target})`).join(' ')}\n`);
    expect(linkFaults(root, ['docs/a.md'])).toEqual([]);
  });
});

describe('pages are read as GitHub reads them', () => {
  it('what stands in code is no link', () => {
    expect(linksOf('`[a](b)` [c](d)\n\n```ts\n[e](f)\n```\n\n[g `h](i)` j](k)\n')).toEqual(['d', 'k']);
  });

  it('headings of one name have anchors of their own, and those in code have none', () => {
    expect(anchorsOf('# A\n\n```sh\n# B\n```\n\n## A\n\n### node:tls’s [shape](x.md)\n')).toEqual([
      'a',
      'a-1',
      'nodetlss-shape',
    ]);
  });

  it('links are replaced where they stand', () => {
    expect(replaceLinks('[`a`](b "c") `[d](e)`', (target) => `${target}.html`)).toBe('[`a`](b.html "c") `[d](e)`');
  });

  it('a page has a title', () => {
    expect(titleOf('# The `title` of [a](b.md)\n\ntext\n')).toBe('The title of a');
    expect(() => titleOf('text')).toThrow(Error);
  });
});
