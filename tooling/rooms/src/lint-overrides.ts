import { join, relative } from 'node:path';
import { house, type Package, type Room } from './house.ts';
import { filesBelow, root } from './imports.ts';
import { shortName } from './rooms.ts';

export interface Override {
  readonly files: readonly string[];
  readonly rules: {
    readonly 'no-restricted-imports': readonly [
      'error',
      { readonly patterns: readonly [{ readonly group: readonly string[]; readonly message: string }] },
    ];
  };
}

/**
 * Gives the boundaries as lint takes them: allow-lists in the manner of `.gitignore`, in which the last pattern that matches wins. A path
 * is written as the file sees it, so that there is one list for each depth of folders.
 */
export function lintOverrides(): readonly Override[] {
  return house.flatMap((each) => lowestRootFirst(each.rooms).flatMap((room) => overridesOf(each, room)));
}

/** Puts the rooms that are single files behind `*.ts`, because a later override wins. */
function lowestRootFirst(rooms: readonly Room[]): readonly Room[] {
  const takesAllFiles = ({ files }: Room): boolean => files.includes('*.ts');
  return [...rooms.filter(takesAllFiles), ...rooms.filter((room) => !takesAllFiles(room))];
}

function overridesOf(each: Package, room: Room): readonly Override[] {
  return depthsOf(each, room).map(({ depth, files }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**', ...pathsAllowed(each, room, depth), ...namesAllowed(room)],
              message: `${shortName(each)}/${room.name} may not import this: tooling/rooms/src/house.ts says what it may.`,
            },
          ],
        },
      ],
    },
  }));
}

/** Gives, below `src`, how deep a room's files lie, and lint's patterns for those of each depth. */
function depthsOf({ folder }: Package, { files }: Room): readonly { depth: number; files: readonly string[] }[] {
  const source = `${folder}/src`;
  if (files.includes('**')) return [{ depth: 0, files: [`${source}/**`] }];
  const folders = files.filter((pattern) => pattern.endsWith('/**')).map((pattern) => pattern.slice(0, -3));
  const ofRoot = files.filter((pattern) => !pattern.endsWith('/**')).map((pattern) => `${source}/${pattern}`);
  const deepest = Math.max(0, ...folders.map((name) => deepestBelow(join(root, source, name)) + 1));
  return [
    ...(ofRoot.length > 0 ? [{ depth: 0, files: ofRoot }] : []),
    ...Array.from({ length: deepest }, (_, index) => ({
      depth: index + 1,
      files: folders.map((name) => `${source}/${name}${'/*'.repeat(index)}/*.ts`),
    })),
  ];
}

/** Counts the folders between a folder and its deepest file. */
function deepestBelow(folder: string): number {
  return Math.max(...filesBelow(folder).map((path) => relative(folder, path).split('/').length - 1));
}

function pathsAllowed(each: Package, room: Room, depth: number): readonly string[] {
  if (room.files.includes('**')) return ['!./**', '!../**'];
  const up = depth === 0 ? './' : '../'.repeat(depth);
  const below =
    depth === 0
      ? []
      : ['!./**', ...Array.from({ length: depth - 1 }, (_, index) => `!${'../'.repeat(index + 1)}**`), `${up}**`];
  // A file in the only folder of a room is allowed that folder by `below`.
  const hasMore = depth === 0 || room.files.length > 1;
  const own = [...below, ...(hasMore ? room.files.map((pattern) => `!${up}${pattern}`) : [])];
  const isAllowed = ({ name }: Room): boolean => room.rooms?.includes(name) === true;
  // These are files at the root that are a room of their own.
  const apart = each.rooms.filter((other) => other !== room && !isAllowed(other)).flatMap(filesAtRoot);
  const allowed = each.rooms.filter(isAllowed);
  const others = allowed.flatMap(({ files }) => files.map((pattern) => `!${up}${pattern}`));
  return [
    ...own,
    ...others,
    ...apart.map((file) => `${up}${file}`),
    ...allowed.flatMap(filesAtRoot).map((file) => `!${up}${file}`),
  ];
}

function filesAtRoot({ files }: Room): readonly string[] {
  return files.filter((pattern) => !pattern.includes('*'));
}

function namesAllowed({ entries = [], modules = [] }: Room): readonly string[] {
  return [...entries, ...modules].flatMap((name) => (name.endsWith('*') ? anyOf(name) : [`!${name}`]));
}

function anyOf(pattern: string): readonly string[] {
  const start = pattern.slice(0, pattern.indexOf('*'));
  return [`!${start}*`, `!${start}*/**`];
}

/** Gives the configuration with these overrides instead of its old boundaries, before the first override that is about something else. */
export function withOverrides(configuration: { readonly overrides: readonly object[] }): object {
  const others = configuration.overrides.filter((override) => !isBoundary(override));
  return { ...configuration, overrides: [...others, ...lintOverrides()] };
}

function isBoundary(override: object): boolean {
  return 'rules' in override && Object.keys(override.rules as object).join(' ') === 'no-restricted-imports';
}
