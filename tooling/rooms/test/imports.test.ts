import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { house } from '../src/house.ts';
import { filesBelow, findImports, root, specifiersIn } from '../src/imports.ts';
import { roomOf, shortName } from '../src/rooms.ts';

const found = findImports();

it('every import, of a value or a type, is in the table', () => {
  expect(found.faults).toEqual([]);
});

it('every room, entry and module in the table is imported', () => {
  const unused = house.flatMap((each) =>
    each.rooms.flatMap(({ name, rooms = [], entries = [], modules = [] }) => {
      const self = `${shortName(each)}/${name}`;
      return [
        ...rooms.map((other) => `${self} -> ${shortName(each)}/${other}`).filter((arrow) => !found.arrows.has(arrow)),
        ...[...entries, ...modules].map((other) => `${self}: ${other}`).filter((other) => !found.names.has(other)),
      ];
    }),
  );
  expect(unused).toEqual([]);
});

it('no package and no room imports one above it: there is no circle', () => {
  const packages = house.map(shortName);
  const upward = [...found.arrows].filter((arrow) => {
    const [from = '', to = ''] = arrow.split(' -> ');
    if (!from.includes('/')) return packages.indexOf(to) >= packages.indexOf(from);
    const rooms = house.flatMap((each) => each.rooms.map(({ name }) => `${shortName(each)}/${name}`));
    return rooms.indexOf(to) >= rooms.indexOf(from);
  });
  expect(upward).toEqual([]);
});

it('every package and app is in the table with what goes into them, and every file in a room', () => {
  const published = ['packages', 'apps'].flatMap((above) =>
    readdirSync(join(root, above)).map((name) => `${above}/${name}`),
  );
  const folders = [...published, 'tooling/pki'];
  expect(house.map(({ folder }) => folder).sort()).toEqual(
    folders.filter((folder) => existsSync(join(root, folder, 'src'))).sort(),
  );
  const homeless = house.flatMap((each) => {
    const source = join(root, each.folder, 'src');
    return filesBelow(source).filter((path) => roomOf(path.slice(source.length + 1), each) === undefined);
  });
  expect(homeless).toEqual([]);
});

it('finds imports of every kind', () => {
  const text = `import a from 'a';
import type { B } from './b.ts';
import {
  c,
} from '../c.ts';
import 'd';
export * from './e.ts';
export type { F } from './f.ts';
const g = await import('g');
const h: import('./h.ts').H = await import(/* a comment */ './i.ts');
// import nothing from 'here'
`;
  expect([...specifiersIn(text)].sort()).toEqual(
    ['a', './b.ts', '../c.ts', 'd', './e.ts', './f.ts', 'g', './h.ts', './i.ts'].sort(),
  );
});
