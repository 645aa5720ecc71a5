import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namedGroups } from '@org/tls-crypto';
import { expect, it } from 'vitest';
import { root } from './code-blocks.ts';

const page = join(root, 'docs/features/key-shares-and-post-quantum.md');

it('the page about key shares lists the groups of the table (`pnpm --filter @org/docs write` writes them)', async () => {
  const text = await readFile(page, 'utf8');
  const list = `Groups: ${namedGroups.map(({ name }) => `\`${name}\``).join(', ')}.`;
  expect(text).toMatch(line);
  await expect(text.replace(line, list)).toMatchFileSnapshot(page);
});

const line = /^Groups: .*$/m;
