import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * The pages of a workspace, as paths from its root with slashes: what the root has, all of `docs`, and each package's README.
 * @param {string} root
 * @returns {readonly string[]}
 */
export function pagesOf(root) {
  const readmes = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/README.md`),
  );
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = [...atRoot, ...docs.map((name) => `docs/${name.replaceAll(sep, '/')}`).sort(), ...readmes.sort()];
  return pages.filter((page) => page.endsWith('.md') && existsSync(join(root, page)));
}

/**
 * @param {string} root
 * @param {string} page
 * @returns {string}
 */
export function readPage(root, page) {
  return readFileSync(join(root, page), 'utf8');
}

/**
 * The heading under which the site lists a page.
 * @param {string} page
 * @returns {string}
 */
export function groupOf(page) {
  const [, group = 'About the project'] = groups.find(([beginning]) => page.startsWith(beginning)) ?? [];
  return group;
}

/**
 * A path from the root, with slashes.
 * @param {string} root
 * @param {string} path
 */
export function fromRoot(root, path) {
  return relative(root, path).replaceAll(sep, '/');
}

const atRoot = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** @type {readonly (readonly [beginning: string, group: string])[]} */
const groups = [
  ['docs/start/', 'Start here'],
  ['docs/features/', 'Features'],
  ['docs/decisions/', 'Decisions'],
  ['docs/', 'Guides and tables'],
  ['packages/', 'Packages'],
  ['apps/', 'Packages'],
];
