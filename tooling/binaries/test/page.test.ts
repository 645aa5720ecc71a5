import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { platforms, platformTable } from '../src/platforms.mjs';

const workspace = join(import.meta.dirname, '..', '..', '..');
const page = join(workspace, 'docs', 'binaries.md');
const [begin, end] = ['<!-- binaries: made by tooling/binaries -->', '<!-- /binaries -->'];

it('the table of docs/binaries.md says how each binary is tested; UPDATE_DOCS=1 writes it', () => {
  const text = readFileSync(page, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  expect(after).toBeDefined();
  const expected = `${before}${begin}\n\n${platformTable()}\n\n${end}${after}`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, expected);
  expect(readFileSync(page, 'utf8')).toBe(expected);
});

it('every binary that is built stands in the table', () => {
  const source = readFileSync(join(workspace, 'packages', 'tls-native', 'native', 'targets.mjs'), 'utf8');
  const built = [...source.matchAll(/^ {2}'([a-z0-9-]+)': \{ system:/gm)].map(([, name]) => name);
  expect(built.length).toBeGreaterThan(0);
  expect(Object.keys(platforms)).toEqual(built);
});
