import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { staleFaults } from '../src/stale-faults.mjs';

it('finds a module whose source is gone, and no other', () => {
  const source = mkdtempSync(join(tmpdir(), 'stale-faults-'));
  try {
    mkdirSync(join(source, 'src', 'deep'), { recursive: true });
    writeFileSync(join(source, 'src', 'deep', 'kept.ts'), '');
    const files = ['dist/deep/kept.js', 'dist/deep/kept.d.ts', 'dist/gone.js'];
    expect(staleFaults({ name: '@org/sample', source, files })).toEqual([
      '@org/sample: dist/gone.js has no source any more; remove dist and build again',
    ]);
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
});
