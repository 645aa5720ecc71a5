import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { staleFaults } from '../src/stale-faults.mjs';

it('finds a module whose source is gone, or that nothing imports, and no other', () => {
  const source = mkdtempSync(join(tmpdir(), 'stale-faults-'));
  try {
    const files = ['dist/deep/kept.js', 'dist/deep/kept.d.ts', 'dist/gone.js', 'dist/shared/a.js', 'dist/shared/b.js'];
    for (const file of ['src/deep/kept.ts', ...files]) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      writeFileSync(join(source, file), '');
    }
    writeFileSync(join(source, 'dist/deep/kept.js'), 'import { a } from "../shared/a.js";');
    expect(staleFaults({ name: '@org/sample', source, unpacked: source, files })).toEqual([
      '@org/sample: dist/gone.js has no source any more; remove dist and build again',
      '@org/sample: dist/shared/b.js has no source any more; remove dist and build again',
    ]);
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
});
