import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Collects the examples of a workspace's READMEs and pages that are marked `ts runnable`, each with the output that the page shows.
 * @param isPrivate says whether a package of ours is not published
 * @returns for each: name (page and line), page, code, output, imports (packages), commands (the arguments of `tls`, of each line that the page
 * shows above in blocks marked `sh runnable`), and why it cannot be pasted, if so
 */
export function collectExamples(root, isPrivate) {
  return pagesOf(root).flatMap((path) =>
    examplesOf(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'), isPrivate),
  );
}

export function examplesOf(page, text, isPrivate) {
  const lines = commandLines(text);
  const blocks = [...text.matchAll(/^```ts runnable\n([^]*?)^```$(?:\n\n^```text\n([^]*?)\n```$)?/gm)];
  return blocks.map((block) => {
    const [, code = '', output] = block;
    const imports = importedPackages(code);
    const above = lines.filter(({ index }) => index < block.index).map(({ line }) => line);
    const name = `${page}:${text.slice(0, block.index).split('\n').length}`;
    const commands = above.map((line) => line.split(' ').slice(2));
    return { name, page, code, output, imports, commands, reason: reasonOf({ imports, output, above }, isPrivate) };
  });
}

/** Finds the blocks of TypeScript and JavaScript on the pages, run or not, that import what nobody can install: page, line and packages of each. */
export function privateImports(root, isPrivate) {
  return pagesOf(root).flatMap((path) =>
    privateImportsOf(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'), isPrivate),
  );
}

export function privateImportsOf(page, text, isPrivate) {
  return [...text.matchAll(/^```(?:ts|js|mjs|typescript|javascript)\b.*\n([^]*?)^```$/gm)].flatMap((block) => {
    const privates = importedPackages(block[1] ?? '').filter(isPrivate);
    const line = text.slice(0, block.index).split('\n').length;
    return privates.length === 0 ? [] : [`${page}:${line} imports ${privates.join(' and ')}`];
  });
}

/** Says why an example cannot be pasted, or that its page does not say what it does. */
function reasonOf({ imports, output, above }, isPrivate) {
  const privates = imports.filter(isPrivate);
  if (privates.length > 0) return `imports ${privates.join(' and ')}, which nobody can install`;
  if (output === undefined) return 'has no `text` block behind it with its output';
  const other = above.find((line) => !/^npx tls [\w\s./:*@-]+$/.test(line));
  return other === undefined ? undefined : `needs a command that is not of \`tls\`: ${other}`;
}

/** The lines of the blocks that are marked `sh runnable`, without their comments. */
function commandLines(text) {
  return [...text.matchAll(/^```sh runnable\n([^]*?)^```$/gm)].flatMap(({ index, 1: block = '' }) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '')
      .map((line) => ({ index, line })),
  );
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
