import GithubSlugger from 'github-slugger';

/**
 * Replaces the targets of a page's links and pictures. What stands in code is none.
 * @param {string} markdown
 * @param {(target: string) => string} replace is given each target as it stands there, without a title
 * @returns {string}
 */
export function replaceLinks(markdown, replace) {
  return outsideOfCode(markdown, (text) =>
    text.replaceAll(link, (_whole, before, target, after) => `${before}${replace(target)}${after}`),
  );
}

/**
 * The targets of a page's links and pictures, in order.
 * @param {string} markdown
 * @returns {readonly string[]}
 */
export function linksOf(markdown) {
  /** @type {string[]} */
  const targets = [];
  replaceLinks(markdown, (target) => {
    targets.push(target);
    return target;
  });
  return targets;
}

/**
 * The anchors of a page's headings, as GitHub makes them.
 * @param {string} markdown
 * @returns {readonly string[]}
 */
export function anchorsOf(markdown) {
  const slugger = new GithubSlugger();
  return headingsOf(markdown).map((heading) => slugger.slug(heading));
}

/**
 * The text of the page's first heading.
 * @param {string} markdown
 * @throws {Error} when the page does not begin with one
 */
export function titleOf(markdown) {
  const [title] = /^# (.+)\n/.exec(markdown)?.slice(1) ?? [];
  if (title === undefined) throw new Error(`expected a page that begins with a title, got ${markdown.slice(0, 40)}`);
  return plainText(title);
}

/** @param {string} markdown */
function headingsOf(markdown) {
  /** @type {string[]} */
  const headings = [];
  for (const part of partsOf(markdown)) {
    if (part.isFence) continue;
    for (const [, text = ''] of part.text.matchAll(/^#{1,6} +(.+?) *$/gm)) headings.push(plainText(text));
  }
  return headings;
}

/**
 * The text of a line without the marks of Markdown.
 * @param {string} line
 */
function plainText(line) {
  return line.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

/**
 * @param {string} markdown
 * @param {(text: string) => string} change
 */
function outsideOfCode(markdown, change) {
  const parts = partsOf(markdown).map(({ text, isFence }) => (isFence ? text : outsideOfInlineCode(text, change)));
  return parts.join('');
}

/**
 * A link's text may hold code, so that code is put out of the way and not split at.
 * @param {string} text
 * @param {(text: string) => string} change
 */
function outsideOfInlineCode(text, change) {
  /** @type {string[]} */
  const codes = [];
  const without = text.replaceAll(/(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, (code) => `\0${codes.push(code) - 1}\0`);
  return change(without).replaceAll(/\0(\d+)\0/g, (_mark, index) => codes[Number(index)] ?? '');
}

/**
 * A page in its fenced blocks and what lies between them.
 * @param {string} markdown
 */
function partsOf(markdown) {
  return markdown.split(/(^ *```[^]*?^ *```$)/m).map((text, index) => ({ text, isFence: index % 2 === 1 }));
}

/** `[text](target)` and `[text](target "title")`. */
const link = /(\]\()([^\s()]+(?:\([^\s()]*\)[^\s()]*)*)((?: "[^"]*")?\))/g;
