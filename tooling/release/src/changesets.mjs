import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the changesets that wait: the bump of each package that one names, and its text. */
export function readChangesets(root) {
  const folder = join(root, '.changeset');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => parseChangeset(name, readFileSync(join(folder, name), 'utf8')));
}

/** @throws Error when the text is no changeset */
export function parseChangeset(name, text) {
  const [, head, body] = /^---\n([^]*?)\n---\n([^]*)$/.exec(text.replaceAll('\r\n', '\n')) ?? [];
  if (head === undefined || body === undefined) throw new Error(`${name} is no changeset`);
  const bumps = head
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, of, bump] = /^["']?([^"':]+)["']?: *(major|minor|patch)$/.exec(line.trim()) ?? [];
      if (of === undefined || bump === undefined) throw new Error(`${name}: no bump of a package: ${line}`);
      return [of, bump];
    });
  return { name, bumps: Object.fromEntries(bumps), text: body.trim() };
}

/** Writes a changeset, as `changeset add` would. */
export function writeChangeset(root, name, bumps, text) {
  const lines = Object.entries(bumps).map(([of, bump]) => `'${of}': ${bump}\n`);
  writeFileSync(join(root, '.changeset', `${name}.md`), `---\n${lines.join('')}---\n\n${text}\n`);
}
