import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { capabilityTable } from './support/capability-table.ts';

const readme = join(import.meta.dirname, '..', 'README.md');
const [begin, end] = ['<!-- capabilities: made by test/readme.test.ts -->', '<!-- /capabilities -->'];

it('the README’s table of capabilities is what the code says; UPDATE_README=1 writes it', () => {
  const text = readFileSync(readme, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  expect(after).toBeDefined();
  const expected = `${before}${begin}\n\n${capabilityTable()}\n\n${end}${after}`;
  if (process.env['UPDATE_README'] === '1') writeFileSync(readme, expected);
  expect(readFileSync(readme, 'utf8')).toBe(expected);
});
