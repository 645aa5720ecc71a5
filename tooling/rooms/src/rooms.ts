import type { Package, Room } from './house.ts';

/** @param file below `src` */
export function roomOf(file: string, { rooms }: Package): Room | undefined {
  return rooms.find(({ files }) => files.some((pattern) => matches(file, pattern)));
}

function matches(file: string, pattern: string): boolean {
  if (pattern === '**') return true;
  if (pattern.endsWith('/**')) return file.startsWith(pattern.slice(0, -2));
  return pattern === '*.ts' ? !file.includes('/') : file === pattern;
}

/** The last part of the folder: `tls-core` of `packages/tls-core`. */
export function shortName({ folder }: Pick<Package, 'folder'>): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/** Whether an import from outside is one that the room names: `node:fs/promises` is of `node:*`, `@noble/curves/nist.js` of `@noble/**`. */
export function isOfModule(specifier: string, module: string): boolean {
  if (module.endsWith('*')) return specifier.startsWith(module.slice(0, module.indexOf('*')));
  return specifier === module;
}
