import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findImports, root } from '../src/imports.ts';
import { arrowsIn, withPicture } from '../src/picture.ts';

const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

it('docs/architecture.md: the picture has an arrow for every import, and no other', () => {
  expect([...arrowsIn(page)].sort()).toEqual([...findImports().arrows].sort());
});

it('docs/architecture.md has the picture of the table: `pnpm --filter @org/rooms start` writes it', () => {
  expect(withPicture(page) === page).toBe(true);
});

it('an arrow too many and an arrow too few are seen', () => {
  const tooMany = page.replace('  end\n', '  end\n  tls-core --> tls-pure\n');
  expect(arrowsIn(tooMany)).toContain('tls-core -> tls-pure');
  expect(arrowsIn(page.replace(/^ {2}tls-pure --> .*\n/m, '')).size).toBeLessThan(arrowsIn(page).size);
  expect(() => arrowsIn(page.replace('  end\n', '  end\n  tls-core ==> tls-pure\n'))).toThrow('of another kind');
});
