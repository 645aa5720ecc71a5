import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { house, type Package, type Room } from './house.ts';
import { isOfModule, roomOf, shortName } from './rooms.ts';

/** The repository's root, which is at the same distance from `src` and from `dist`. */
export const root = join(import.meta.dirname, '..', '..', '..');

/** One import of one file, of a value or of a type. */
export interface Import {
  /** The file, below `src`. */
  readonly file: string;
  readonly specifier: string;
}

/** Lists every static and dynamic import, every re-export, and every type by `import('…')`. */
export function importsOf({ folder }: Package): readonly Import[] {
  const source = join(root, folder, 'src');
  return filesBelow(source).flatMap((path) => {
    const file = relative(source, path);
    return specifiersIn(readFileSync(path, 'utf8')).map((specifier) => ({ file, specifier }));
  });
}

const importing = [
  /^(?:import|export)\b[^;'"`]*?\bfrom\s*'([^']+)'/gm,
  /^import\s*'([^']+)'/gm,
  /\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?'([^']+)'/g,
];

/** Finds the specifiers in a file that the formatter has formatted: statements begin a line, and strings are in single quotes. */
export function specifiersIn(text: string): readonly string[] {
  return importing.flatMap((pattern) => [...text.matchAll(pattern)].map(([, specifier = '']) => specifier));
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** The imports that were found. */
export interface Found {
  /** The arrows: `tls-pure/record -> tls-pure/wire` inside a package, `tls-pure -> tls-core` between packages. */
  readonly arrows: ReadonlySet<string>;
  /** What a room imports by a name: `tls-pure/ech: hpke`. Modules are written as the table has them. */
  readonly names: ReadonlySet<string>;
  /** The imports that lead to no room, or that their room does not name. */
  readonly faults: readonly string[];
}

export function findImports(): Found {
  const arrows = new Set<string>();
  const names = new Set<string>();
  const faults: string[] = [];
  for (const each of house) {
    for (const { file, specifier } of importsOf(each)) {
      const room = roomOf(file, each);
      const where = `${each.folder}/src/${file}: ${specifier}`;
      if (room === undefined) faults.push(`${where}: the file is in no room`);
      else faults.push(...judge({ each, room, file, specifier, arrows, names }).map((fault) => `${where}: ${fault}`));
    }
  }
  return { arrows, names, faults };
}

interface Judged extends Import {
  readonly each: Package;
  readonly room: Room;
  readonly arrows: Set<string>;
  readonly names: Set<string>;
}

function judge(judged: Judged): readonly string[] {
  const { each, room, file, specifier, arrows, names } = judged;
  if (specifier.startsWith('.')) return judgeFile(judged, posix.join(dirname(file), specifier));
  const name = `${shortName(each)}/${room.name}`;
  if (specifier.startsWith('#') || specifier.startsWith('@org/')) {
    names.add(`${name}: ${specifier}`);
    const faults = room.entries?.includes(specifier) === true ? [] : ['the room does not name the entry'];
    if (specifier.startsWith('#'))
      return [...faults, ...targetsOf(specifier, each).flatMap((target) => judgeFile(judged, target))];
    arrows.add(`${shortName(each)} -> ${specifier.split('/')[1] ?? ''}`);
    return faults;
  }
  const module = room.modules?.find((known) => isOfModule(specifier, known));
  if (module === undefined) return ['the room does not name the module'];
  names.add(`${name}: ${module}`);
  return [];
}

/** @param target the imported file, below `src` */
function judgeFile({ each, room, arrows }: Judged, target: string): readonly string[] {
  const other = roomOf(target, each);
  if (other === undefined) return ['leads to no room'];
  if (other === room) return [];
  arrows.add(`${shortName(each)}/${room.name} -> ${shortName(each)}/${other.name}`);
  return room.rooms?.includes(other.name) === true ? [] : [`the room does not name the room ${other.name}`];
}

/** Gives the files behind `#name`, for every runtime. */
function targetsOf(specifier: string, { folder }: Package): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly imports?: Readonly<Record<string, unknown>>;
  };
  const text = JSON.stringify(manifest.imports?.[specifier] ?? '');
  const files = [...text.matchAll(/"\.\/(?:src|dist)\/([^"]+?)\.(?:ts|js)"/g)].map(([, path = '']) => `${path}.ts`);
  return [...new Set(files)].filter((file) => !file.endsWith('.d.ts'));
}
