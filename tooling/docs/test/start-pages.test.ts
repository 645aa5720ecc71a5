import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectExamples } from '@org/release/examples';
import { expect, it } from 'vitest';
import { codeIn, tableRowsBelow } from '../src/markdown-tables.ts';
import { nodeTlsNames, type NodeTlsNames } from '../src/node-tls-names.ts';
import { ourNames } from '../src/our-names.ts';
import { root } from './code-blocks.ts';

const folder = 'docs/start';
const names = await nodeTlsNames();
const ours = await ourNames(root, ['tls-core', 'tls-pure', 'tls-crypto', 'tls-identity', 'tls-roots', 'x509']);

const pageOf = (name: string): Promise<string> => readFile(join(root, folder, name), 'utf8');
const nodeTls = await pageOf('node-tls.md');
const rust = await pageOf('rustls-and-native-tls.md');

const sections: readonly (readonly [kind: keyof NodeTlsNames, headings: readonly string[]])[] = [
  ['exports', ['### Functions and constants']],
  ['options', ['### Options of contexts', '### Options of connections and servers']],
  ['socketMembers', ['### Methods and properties of a socket']],
  ['serverMembers', ['### Methods of a server']],
  ['events', ['### Events']],
];

it('README links to every start page', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const pages = await readdir(join(root, folder));
  expect(pages.length).toBeGreaterThanOrEqual(5);
  expect(pages.filter((page) => !readme.includes(`(${folder}/${page})`))).toEqual([]);
});

it('each start page but the one for libraries, whose examples are files of a project, has an example that runs', async () => {
  const withExample = new Set(collectExamples(root, () => false).map(({ page }) => page));
  const without = (await readdir(join(root, folder))).filter((page) => !withExample.has(`${folder}/${page}`));
  expect(without).toEqual(['library.md']);
});

it.each(sections)('node:tls: each of its %s has a row, or stands nowhere in Node', (kind, headings) => {
  const rows = headings.flatMap((heading) => tableRowsBelow(nodeTls, heading));
  const told = rows.flatMap(([name = '']) => codeIn(name));
  expect(names[kind].length).toBeGreaterThanOrEqual(4);
  expect(names[kind].filter((name) => !told.includes(name))).toEqual([]);
  expect(told.filter((name) => !names[kind].includes(name) && !ofSomeNodes.has(name))).toEqual([]);
  expect(told.filter((name, index) => told.indexOf(name) !== index)).toEqual([]);
});

it.each([
  ['node-tls.md', nodeTls, sections.flatMap(([, headings]) => headings)],
  ['rustls-and-native-tls.md', rust, ['### Configuration', '### Connections', '## From native-tls']],
])('%s: what stands for a name of theirs is a name of ours', (_name, page, headings) => {
  const codes = headings.flatMap((heading) => tableRowsBelow(page, heading)).flatMap(([, our = '']) => codeIn(our));
  expect(codes.length).toBeGreaterThan(60);
  const undeclared = codes.flatMap((code) => ours.undeclaredIn(code)).filter((word) => !ofOthers.has(word));
  expect([...new Set(undeclared)]).toEqual([]);
});

/** What only some versions of Node have: gone after Node 20, or not there yet. */
const ofSomeNodes = new Set([
  'createSecurePair',
  'setOptions',
  'getCACertificates',
  'setDefaultCACertificates',
  'getCertificateCompressionAlgorithms',
]);

/** What the tables name besides: Node's class, names of examples, a command, a protocol's word. */
const ofOthers = new Set(['duplex', 'TLSSocket', 'pem', 'tls', 'cert', 'exporter', 'end']);
