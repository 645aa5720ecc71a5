import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/**
 * Finds what is in dist but made by no source any more: compiler and bundler write over what an earlier build has left. A file of
 * `dist/shared` has no source of its own, and is there because another file imports it.
 */
export function staleFaults({ name, source, unpacked, files }) {
  const modules = files.filter((file) => /^dist\/.*\.js$/.test(file));
  const imported = new Set(modules.flatMap((file) => importsOf(unpacked, file)));
  return modules
    .filter((file) => (file.startsWith('dist/shared/') ? !imported.has(file) : !hasSource(source, file)))
    .map((file) => `${name}: ${file} has no source any more; remove dist and build again`);
}

function hasSource(source, file) {
  return existsSync(join(source, 'src', file.slice('dist/'.length).replace(/\.js$/, '.ts')));
}

function importsOf(unpacked, file) {
  const text = readFileSync(join(unpacked, file), 'utf8');
  return [...text.matchAll(/\b(?:from|import) ?\(?["'](\.[^"']*)["']/g)].map(([, path]) =>
    posix.join(dirname(file), path),
  );
}
