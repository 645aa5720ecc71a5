import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isWithinLimits } from '../src/limits.ts';
import { rowKeys, sampleOf, type Row } from '../src/rows.ts';
import { lineStart, markers } from '../src/table.ts';

const root = join(import.meta.dirname, '..', '..', '..');
let rows: ReadonlyMap<string, Row>;

/** All of them take some minutes (`npm run test:whole`). */
const every = process.env['TEST_SCOPE'] === 'whole' ? 1 : 4;

/** In a process of its own and from the build: as it is what a program runs, and nothing else takes part. */
beforeAll(() => {
  const main = join(import.meta.dirname, '..', 'dist', 'main.js');
  const lines = execFileSync(process.execPath, [main, '--json', '--quick', '--every', String(every)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  const all = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  rows = new Map(all.map((row) => [nameOf(row), row]));
});

function nameOf({ on, version, subject, attack }: Pick<Row, 'on' | 'version' | 'subject' | 'attack'>): string {
  return `${subject}, ${on}, ${version}: ${attack}`;
}

describe('an attack costs and holds no more than is promised', () => {
  it.each(sampleOf(rowKeys(), every).map(nameOf))('%s', (name) => {
    const row = rows.get(name);
    expect(row).toBeDefined();
    expect(row).toSatisfy(isWithinLimits);
  });
});

it('every attack stands in the page about security', () => {
  const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
  const table = page.slice(page.indexOf(markers[0]), page.indexOf(markers[1]));
  const lines = table.split('\n').map((line) => line.replaceAll(/ +\|/g, ' |'));
  const missing = rowKeys()
    .map(lineStart)
    .filter((start) => !lines.some((line) => line.startsWith(start)));
  expect(missing).toEqual([]);
});
