import type { Package, Room } from './house.ts';

/** Finds a file's room. @param file the file, below `src` */
export function roomOf(file: string, { rooms }: Package): Room | undefined {
  return rooms.find(({ files }) => files.some((pattern) => matches(file, pattern)));
}

function matches(file: string, pattern: string): boolean {
  if (pattern === '**') return true;
  if (pattern.endsWith('/**')) return file.startsWith(pattern.slice(0, -2));
  return pattern === '*.ts' ? !file.includes('/') : file === pattern;
}

/** Gives the last part of the folder: `tls-core` for `packages/tls-core`. */
export function shortName({ folder }: Pick<Package, 'folder'>): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/**
 * Tells whether a room's name covers an import from outside: `node:*` covers `node:fs/promises`, `@noble/**` covers
 * `@noble/curves/nist.js`.
 */
export function isOfModule(specifier: string, module: string): boolean {
  if (module.endsWith('*')) return specifier.startsWith(module.slice(0, module.indexOf('*')));
  return specifier === module;
}
