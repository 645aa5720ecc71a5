import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveFaults } from '../src/archive-faults.mjs';

const licences = ['LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT'];
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-faults-'));
  for (const file of licences) writeFileSync(join(folder, file), 'licence');
  writeFileSync(join(folder, 'README.md'), 'readme');
  writeFileSync(join(folder, 'package.json'), '{}');
  for (const file of ['index.js', 'index.d.ts']) writeFileSync(join(folder, file), 'export {};');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sound = {
  name: '@org/sample',
  type: 'module',
  description: 'A sample.',
  license: 'MIT',
  repository: 'r',
  engines: { node: '>=20' },
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
};
const soundFiles = [...licences, 'README.md', 'index.d.ts', 'index.js', 'package.json'];

function faults(manifest: object = {}, files: readonly string[] = soundFiles): readonly string[] {
  const archive = { name: '@org/sample', unpacked: folder, manifest: { ...sound, ...manifest }, files };
  return archiveFaults(archive, [archive], folder);
}

describe('a packed package', () => {
  it('passes when nothing is wrong', () => {
    expect(faults()).toEqual([]);
  });

  it.each([
    ['a source condition', { imports: { '#a': { '@org/source': './index.js' } } }],
    ['a workspace range', { dependencies: { '@org/sample': 'workspace:^' } }],
    ['a private sibling', { dependencies: { '@org/secret': '^1.0.0' } }],
    ['an install script', { scripts: { postinstall: 'node x.js' } }],
    ['an entry that is not packed', { exports: { '.': { types: './index.d.ts', default: './gone.js' } } }],
    ['a missing licence field', { license: undefined }],
  ])('fails with %s', (_fault, manifest) => {
    expect(faults(manifest)).not.toEqual([]);
  });

  it.each(['test/a.js', 'dist/a.test.js', 'dist/a.js.map', 'src/a.ts', 'tsconfig.json', '.env', 'vitest.config.js'])(
    'fails when it holds %s',
    (file) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
      expect(faults({}, [...soundFiles, file])).toHaveLength(1);
    },
  );

  it('fails when it imports what it does not declare', () => {
    const imports = ['node:fs', './a.js', '#a', '@org/sample/b', '@org/core/c', 'noble'].map(
      (each) => `import "${each}";`,
    );
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist/main.js'), imports.join('\n'));
    const dependencies = { '@org/core': '^1.0.0' };
    const found = faults({ dependencies }, [...soundFiles, 'dist/main.js']);
    expect(found.filter((fault) => !fault.includes('private'))).toEqual(['@org/sample: imports noble undeclared']);
  });

  it.each(soundFiles)('fails without %s', (file) => {
    const left = soundFiles.filter((each) => each !== file);
    expect(faults({}, left)).toEqual([`@org/sample: lacks ${file}`]);
  });
});
