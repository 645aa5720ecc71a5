import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Collects the examples of a workspace's READMEs and pages that are marked `ts runnable`, each with the output that the page shows.
 * @param isPrivate says whether a package of ours is not published
 * @returns for each: name (page and line), code, output, imports (packages), and why it cannot be pasted, if so
 */
export function collectExamples(root, isPrivate) {
  return pagesOf(root).flatMap((path) => examplesOf(relative(root, path), readFileSync(path, 'utf8'), isPrivate));
}

export function examplesOf(page, text, isPrivate) {
  const blocks = [...text.matchAll(/^```ts runnable\n([^]*?)^```$(?:\n\n^```text\n([^]*?)\n```$)?/gm)];
  return blocks.map((block) => {
    const [, code = '', output] = block;
    const line = text.slice(0, block.index).split('\n').length;
    const imports = importedPackages(code);
    const privates = imports.filter(isPrivate);
    const reason = privates.length > 0 ? `imports ${privates.join(' and ')}, which nobody can install` : undefined;
    return { name: `${page}:${line}`, code, output, imports, reason };
  });
}

/** The packages that a block imports, without what Node has. */
export function importedPackages(code) {
  const specifiers = [...code.matchAll(/(?:^import\b[^'"]*?|^export\b[^'"]*?from\s+|\bimport\()["']([^"']+)["']/gm)];
  const names = specifiers
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !/^(?:node:|[.#/])/.test(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
  return [...new Set(names)];
}

function pagesOf(root) {
  const parents = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'README.md')),
  );
  const docs = readdirSync(join(root, 'docs'), { recursive: true }).map((name) => join(root, 'docs', name));
  return [join(root, 'README.md'), ...parents, ...docs]
    .filter((path) => path.endsWith('.md') && existsSync(path))
    .filter((path) => !path.includes(join('docs', 'decisions')))
    .sort();
}
