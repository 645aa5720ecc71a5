import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assemble } from '../scripts/assemble.mjs';

it('the committed module is what the pinned compiler makes of assembly/', async () => {
  const committed = readFileSync(new URL('../src/wasm/binary.ts', import.meta.url), 'utf8');
  expect(await assemble()).toBe(committed);
});
