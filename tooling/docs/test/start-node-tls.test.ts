import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeIn, tableRowsBelow } from '../src/markdown-tables.ts';
import { nodeTlsNames, type NodeTlsNames } from '../src/node-tls-names.ts';
import { root } from './code-blocks.ts';

const page = await readFile(join(root, 'docs/start/node-tls.md'), 'utf8');
const names = await nodeTlsNames();

const sections: readonly (readonly [kind: keyof NodeTlsNames, headings: readonly string[]])[] = [
  ['exports', ['### Functions and constants']],
  ['options', ['### Options of contexts', '### Options of connections and servers']],
  ['socketMembers', ['### Methods and properties of a socket']],
  ['serverMembers', ['### Methods of a server']],
  ['events', ['### Events']],
];

it.each(sections)('node:tls: each of its %s has a row, or stands nowhere in Node', (kind, headings) => {
  const rows = headings.flatMap((heading) => tableRowsBelow(page, heading));
  const told = rows.flatMap(([name = '']) => codeIn(name));
  expect(names[kind].length).toBeGreaterThanOrEqual(5);
  expect(names[kind].filter((name) => !told.includes(name))).toEqual([]);
  expect(told.filter((name) => !names[kind].includes(name) && !ofSomeNodes.has(name))).toEqual([]);
  expect(told.filter((name, index) => told.indexOf(name) !== index)).toEqual([]);
});

it('what stands for a name of node:tls is a name of ours', async () => {
  const sources = await sourcesOf('tls-core', 'tls-pure');
  const rows = sections.flatMap(([, headings]) => headings.flatMap((heading) => tableRowsBelow(page, heading)));
  const words = rows.flatMap(([, ours = '']) => codeIn(ours).flatMap(wordsOf));
  expect(words.length).toBeGreaterThan(80);
  expect([...new Set(words)].filter((word) => !isDeclared(word, sources))).toEqual([]);
});

/** What only some versions of Node have: gone after Node 20, or not there yet. */
const ofSomeNodes = new Set([
  'createSecurePair',
  'setOptions',
  'getCACertificates',
  'setDefaultCACertificates',
  'getCertificateCompressionAlgorithms',
]);

/** The identifiers of a piece of code, and of a package's name none. */
function wordsOf(code: string): readonly string[] {
  if (code.startsWith('@org/')) return [];
  const withoutTexts = code.replaceAll(/'[^']*'|^new |TLSv1\.\d/g, '');
  return [...withoutTexts.matchAll(/[A-Za-z]\w+/g)].map(([word]) => word);
}

/** Whether a word is declared as a member, a function, a class, a value or an event, or is a value that an option takes. */
function isDeclared(word: string, sources: string): boolean {
  const declaration = String.raw`(?:readonly|get|const|function|class|interface|type|async) ${word}\b|^  ${word}[(:]|'${word}'`;
  return new RegExp(declaration, 'm').test(sources) || ofTheRuntime.has(word);
}

/** What the tables name besides, and is no name of ours. */
const ofTheRuntime = new Set(['duplex', 'TLSSocket']);

async function sourcesOf(...packages: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const name of packages) {
    const folder = join(root, 'packages', name, 'src');
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
    for (const file of files) texts.push(await readFile(join(folder, file), 'utf8'));
  }
  return texts.join('\n');
}
