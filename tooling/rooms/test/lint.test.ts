import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { house, type Package, type Room } from '../src/house.ts';
import { filesBelow, root } from '../src/imports.ts';
import { lintOverrides } from '../src/lint-overrides.ts';
import { roomOf } from '../src/rooms.ts';

const configuration = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
  readonly overrides: readonly object[];
};

it('.oxlintrc.json ends with the boundaries of the table: `pnpm --filter @org/rooms start` writes them', () => {
  const boundaries = lintOverrides();
  expect(configuration.overrides.slice(-boundaries.length)).toEqual(boundaries);
});

const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Planted {
  readonly file: string;
  readonly specifier: string;
  readonly isAllowed: boolean;
}

/** For each room, from a file of each depth: an import of each room of its package, and of what it may and may not import by name. */
const planted = house.flatMap((each) => each.rooms.flatMap((room) => plantedIn(each, room)));

function plantedIn(each: Package, room: Room): readonly Planted[] {
  const byDepth = new Map<number, string>();
  for (const file of filesOf(each, room)) byDepth.set(file.split('/').length, file);
  return [...byDepth.values()].flatMap((file) => {
    const toRooms = each.rooms.flatMap((other) => {
      const [target] = filesOf(each, other).filter((path) => path !== file);
      if (target === undefined) return [];
      const path = relative(dirname(file), target);
      const specifier = path.startsWith('.') ? path : `./${path}`;
      return [{ file, specifier, isAllowed: other === room || room.rooms?.includes(other.name) === true }];
    });
    const { entries = [], modules = [] } = room;
    const names = [
      '@org/tls-core',
      '@org/tls-core/node',
      '@org/tls-crypto',
      '@org/x509',
      '@org/tls-pure',
      'hpke',
      'node:fs',
    ];
    const byName = names.map((specifier) => ({
      file,
      specifier,
      isAllowed: entries.includes(specifier) || modules.includes(specifier.replace('node:fs', 'node:*')),
    }));
    return [...toRooms, ...byName].map((plant) => ({ ...plant, file: join(each.folder, 'src', plant.file) }));
  });
}

function filesOf(each: Package, room: Room): readonly string[] {
  const source = join(root, each.folder, 'src');
  return filesBelow(source)
    .map((path) => relative(source, path))
    .filter((file) => roomOf(file, each) === room);
}

const kinds: Readonly<Record<string, (specifier: string, index: number) => string>> = {
  'a value': (specifier, index) => `export { value${index} } from '${specifier}';`,
  'a type': (specifier, index) => `import type { Type${index} } from '${specifier}';`,
  'a type that goes on': (specifier, index) => `export type { Type${index} } from '${specifier}';`,
};

it.each(Object.entries(kinds))(
  'lint refuses every import of %s that the table does not have, and no other',
  (_, lineOf) => {
    const lines = new Map<string, Planted[]>();
    for (const plant of planted) lines.set(plant.file, [...(lines.get(plant.file) ?? []), plant]);
    for (const [file, plants] of lines) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), plants.map(({ specifier }, index) => `${lineOf(specifier, index)}\n`).join(''));
    }
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ categories: {}, overrides: lintOverrides() }));
    const refused = refusals().map(({ file, line }) => `${file}: ${lines.get(file)?.[line - 1]?.specifier}`);
    const expected = planted
      .filter(({ isAllowed }) => !isAllowed)
      .map(({ file, specifier }) => `${file}: ${specifier}`);
    expect(refused.sort()).toEqual(expected.sort());
    expect(refused.length).toBeGreaterThan(100);
  },
);

/** What lint says about the planted imports. */
function refusals(): readonly { readonly file: string; readonly line: number }[] {
  const oxlint = join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout } = spawnSync(oxlint, ['--format', 'json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly filename: string;
      readonly labels: readonly { readonly span: { readonly line: number } }[];
    }[];
  };
  return diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename, labels: [label] }) => ({
      file: relative(folder, join(folder, filename)),
      line: label?.span.line ?? 0,
    }));
}
