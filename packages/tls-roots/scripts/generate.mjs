// Writes src/mozilla-list.ts, and the line about it in the README, from the list that the running Node was built with. Run it with the
// newest Node; its changelog says which NSS the list is of: node scripts/generate.mjs --nss 3.126

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { fileOf, rowsOf } from './root-list.mjs';

const { values } = parseArgs({ options: { nss: { type: 'string' }, date: { type: 'string' } } });
if (!/^3(?:\.\d+)+$/.test(values.nss ?? '')) throw new Error('expected --nss with the version, such as 3.126');
const origin = {
  date: values.date ?? new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  nss: values.nss,
};

const root = join(import.meta.dirname, '..');
const rows = rowsOf(rootCertificates);
writeFileSync(join(root, 'src', 'mozilla-list.ts'), fileOf(rows, origin));

const readme = join(root, 'README.md');
const text = readFileSync(readme, 'utf8');
const line = `The list has ${rows.length} roots. It was made on ${origin.date} from Node ${origin.node}, which has the list of NSS ${origin.nss}.`;
writeFileSync(readme, text.replace(/^The list has.*$/m, line));
