import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { isOfTheWeb } from './link-faults.mjs';
import { replaceLinks, titleOf } from './markdown-links.mjs';
import { fromRoot, groupOf, readPage } from './pages.mjs';

/**
 * Writes copies of pages that TypeDoc takes as they are: with a title and a group in their head, and with links to what is no page leading
 * to the repository.
 * @param {object} options
 * @param {string} options.root
 * @param {readonly string[]} options.pages paths from the root
 * @param {string} options.into a folder, which is made anew
 * @param {string} options.repository where sources are shown, up to the path
 * @returns {readonly string[]} the copies
 */
export function stagePages({ root, pages, into, repository }) {
  rmSync(into, { recursive: true, force: true });
  return pages.map((page) => {
    const copy = join(into, page);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, stagedText({ root, pages, page, into, repository }));
    return copy;
  });
}

/** @param {{ root: string, pages: readonly string[], page: string, into: string, repository: string }} options */
function stagedText({ root, pages, page, into, repository }) {
  const text = readPage(root, page);
  const title = titleOf(text);
  // The site shows its own name above its first page, and nothing above the others.
  const isFirst = page === 'README.md';
  const content = replaceLinks(isFirst ? text.slice(text.indexOf('\n') + 1) : text, (target) => {
    const [path = '', anchor] = target.split('#');
    if (isOfTheWeb(target) || path === '') return target;
    const place = fromRoot(root, join(root, dirname(page), path));
    const linked = [place, `${place}/README.md`.replace(/^\//, '')].find((each) => pages.includes(each));
    if (linked !== undefined) {
      const steps = dirname(page) === '.' ? [] : dirname(page).split('/');
      return `${steps.map(() => '../').join('')}${linked}${anchor === undefined ? '' : `#${anchor}`}`;
    }
    if (pictures.has(extname(place))) {
      cpSync(join(root, place), join(into, place));
      return target;
    }
    const kind = statSync(join(root, place)).isDirectory() ? 'tree' : 'blob';
    return `${repository}/${kind}/main/${place}`;
  });
  if (isFirst) return content;
  return `---\ntitle: ${JSON.stringify(title)}\ngroup: ${JSON.stringify(groupOf(page))}\n---\n\n${content}`;
}

const pictures = new Set(['.svg', '.png']);
