import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { isOfTheWeb } from './link-faults.mjs';

/**
 * Follows each link of a built site that stays in it: the file must be there, and of a page the anchor.
 * @param {string} site
 * @returns {readonly string[]} one line for each link that leads nowhere, once for each page
 */
export function siteFaults(site) {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll(sep, '/'));
  const pages = new Map(files.filter(hasAnchors).map((name) => [name, pageOf(join(site, name))]));
  return [...pages].flatMap(([name, { targets }]) =>
    targets.flatMap((target) => {
      const fault = faultOf(site, pages, name, target);
      return fault === undefined ? [] : [`${name}: ${target}: ${fault}`];
    }),
  );
}

/**
 * @param {string} site
 * @param {ReadonlyMap<string, { anchors: ReadonlySet<string> }>} pages
 * @param {string} name
 * @param {string} target
 * @returns {string | undefined}
 */
function faultOf(site, pages, name, target) {
  if (isOfTheWeb(target)) return undefined;
  const [path = '', anchor = ''] = target.split('#').map(decodeURIComponent);
  const file = path === '' ? name : join(dirname(name), path).replaceAll(sep, '/');
  if (!existsSync(join(site, file)) || statSync(join(site, file)).isDirectory()) return 'there is no such file';
  if (anchor === '') return undefined;
  return pages.get(file)?.anchors.has(anchor) === true ? undefined : 'the page has no such anchor';
}

/**
 * A picture may be a list of small ones, each with a name.
 * @param {string} name
 */
function hasAnchors(name) {
  return name.endsWith('.html') || name.endsWith('.svg');
}

/** @param {string} file */
function pageOf(file) {
  const html = readFileSync(file, 'utf8');
  const targets = [...html.matchAll(/<[a-z]+\b[^>]*? (?:href|src)="([^"]*)"/g)].map(([, target = '']) =>
    unescaped(target),
  );
  const anchors = [...html.matchAll(/<[a-z0-9]+\b[^>]*? id="([^"]*)"/g)].map(([, anchor = '']) => unescaped(anchor));
  return { targets: [...new Set(targets)], anchors: new Set(anchors) };
}

/** @param {string} text of an attribute */
function unescaped(text) {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
