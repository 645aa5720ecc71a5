import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Finds modules in dist that no source makes any more: the compiler leaves them behind when a source is moved. */
export function staleFaults({ name, source, files }) {
  return files
    .filter((file) => /^dist\/.*\.js$/.test(file))
    .filter((file) => !existsSync(join(source, 'src', file.slice('dist/'.length).replace(/\.js$/, '.ts'))))
    .map((file) => `${name}: ${file} has no source any more; remove dist and build again`);
}
