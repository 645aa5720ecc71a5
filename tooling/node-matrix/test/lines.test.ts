import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { otherNodes } from '../src/other-nodes.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
const [, oldest = ''] = /^\^(\d+)\./.exec(engines.node) ?? [];
const others = otherNodes.map(([name]) => name.replace('Node ', ''));

it.each(otherNodes)('the binary of %s is of that line', (name, binary) => {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  expect(stdout).toMatch(new RegExp(`^v${name.replace('Node ', '')}\\.\\d+\\.\\d+\\n$`));
});

it('CI runs everything on the oldest line and on all others', () => {
  const workflow = readFileSync(join(root, '.github', 'workflows', 'ci.yml'), 'utf8');
  const [, matrix = ''] = /^ {8}node: \[(.*)\]$/m.exec(workflow) ?? [];
  expect(matrix.split(', ')).toEqual([oldest, ...others]);
});

it('CONTRIBUTING names the lines that `test:nodes` runs', () => {
  const list = new Intl.ListFormat('en-GB').format(others);
  expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')).toContain(`all tests under Node ${list} `);
});
