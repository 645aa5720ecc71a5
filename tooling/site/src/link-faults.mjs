import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, linksOf } from './markdown-links.mjs';
import { fromRoot } from './pages.mjs';

/**
 * Follows each link of pages that leads to another place of the workspace: the file or the folder must be there, and of a page the anchor too.
 * Addresses of the web are not asked.
 * @param {string} root
 * @param {readonly string[]} pages paths from the root
 * @returns {readonly string[]} one line for each link that leads nowhere
 */
export function linkFaults(root, pages) {
  return pages.flatMap((page) =>
    linksOf(readFileSync(join(root, page), 'utf8')).flatMap((target) => {
      const fault = faultOf(root, page, target);
      return fault === undefined ? [] : [`${page}: ${target}: ${fault}`];
    }),
  );
}

/**
 * @param {string} root
 * @param {string} page
 * @param {string} target
 * @returns {string | undefined}
 */
function faultOf(root, page, target) {
  if (isOfTheWeb(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return 'there is no such file';
  if (fromRoot(root, file).startsWith('..')) return 'it leads out of the repository';
  // A file system that does not tell capitals apart would hide what breaks everywhere else.
  if (fromRoot(realpathSync(root), realpathSync(file)) !== fromRoot(root, file)) return 'it is spelled otherwise';
  if (anchor === undefined) return undefined;
  if (statSync(file).isDirectory() || !file.endsWith('.md')) return 'only a page has anchors';
  return anchorsOf(readFileSync(file, 'utf8')).includes(anchor) ? undefined : 'the page has no such heading';
}

/**
 * @param {string} target
 * @returns {boolean}
 */
export function isOfTheWeb(target) {
  return /^[a-z][a-z+.-]*:/.test(target);
}
