import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './code-blocks.ts';

const folder = join(root, 'docs', 'decisions');
const decisions = (await readdir(folder)).sort();

it.each(decisions)('%s has its number, a date and a status', async (name) => {
  const [title = '', , status = ''] = (await readFile(join(folder, name), 'utf8')).split('\n');
  const number = /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1] ?? '';
  expect(title).toMatch(new RegExp(`^# ${Number(number)}\\. \\S`));
  expect(status).toMatch(/^Date: \d{4}-\d{2}-\d{2}\. Status: (?:accepted|superseded by \[decision \d+\]\([^)]+\))\./);
});

it('no two decisions have the same number', () => {
  const numbers = decisions.map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
