import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lines, otherNodes } from '../src/other-nodes.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
const [oldest, ...others] = lines;

it.each(otherNodes)('the binary of %s is of that line', (name, binary) => {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  expect(stdout).toMatch(new RegExp(`^v${name.replace('Node ', '')}\\.\\d+\\.\\d+\\n$`));
});

it('the oldest line is the oldest that the packages admit', () => {
  expect(engines.node).toMatch(new RegExp(`^\\^${oldest}\\.`));
});

it('CI runs everything on each line', () => {
  const workflow = readFileSync(join(root, '.github', 'workflows', 'ci.yml'), 'utf8');
  const [, matrix = ''] = /^ {8}node: \[(.*)\]$/m.exec(workflow) ?? [];
  expect(matrix.split(', ')).toEqual(lines);
});

it('CONTRIBUTING names the lines that `test:nodes` runs', () => {
  const list = new Intl.ListFormat('en-GB').format(others);
  expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(`all tests under Node ${list} `);
});
