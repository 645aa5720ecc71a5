import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaults } from '../src/start-faults.mjs';

const manifest = { name: 'sample', type: 'module', exports: { '.': './index.js', './other': './other.js' } };
let unpacked = '';

beforeAll(() => {
  unpacked = mkdtempSync(join(tmpdir(), 'start-faults-'));
  writeFileSync(join(unpacked, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(unpacked, 'index.js'), 'import "node:fs";\nimport "./first.js";\nimport "./second.js";');
  writeFileSync(join(unpacked, 'other.js'), 'import "./first.js";');
  writeFileSync(join(unpacked, 'first.js'), 'import "./second.js";');
  writeFileSync(join(unpacked, 'second.js'), '');
});

afterAll(() => rmSync(unpacked, { recursive: true, force: true }));

it('an import that reads more files than its entry may is a fault, and a file counts once', () => {
  const archive = { name: 'sample', unpacked, manifest };
  expect(startFaults(archive, { sample: 3, 'sample/other': 3 })).toEqual([]);
  expect(startFaults(archive, { sample: 2, 'sample/other': 3 })).toEqual([
    'sample: an import of sample reads 3 files, more than 2',
  ]);
});

it('an import that loads node:tls is a fault', () => {
  const archive = { name: 'sample', unpacked, manifest: { ...manifest, exports: { './tls': './tls.js' } } };
  writeFileSync(join(unpacked, 'package.json'), JSON.stringify(archive.manifest));
  writeFileSync(join(unpacked, 'tls.js'), 'import "node:tls";');
  expect(startFaults(archive, { 'sample/tls': 1 })).toEqual(['sample: an import of sample/tls loads node:tls']);
});
