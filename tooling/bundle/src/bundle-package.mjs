import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';
import { entriesOf } from './entries.mjs';

/**
 * Writes one file for each entry of a package into its `dist`, and into `dist/shared` what several of them need, so that every class and
 * every table is there once. Whatever is not of the package itself stays an import. Modules of earlier builds are removed.
 * @param folder the package's folder, absolute
 */
export async function bundlePackage(folder) {
  const dist = join(folder, 'dist');
  const entries = entriesOf(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const bundle = await rolldown({
    cwd: folder,
    input: Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, join(folder, source)])),
    platform: 'neutral',
    external: isForeign,
    transform: { target: 'es2023' },
    onLog: (level, { message }) => {
      if (level !== 'info' && level !== 'debug') throw new Error(message);
    },
  });
  try {
    const { output } = await bundle.write({
      dir: dist,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'shared/[name].js',
      minify: false,
    });
    removeOthers(dist, new Set(output.map(({ fileName }) => join(dist, fileName))));
  } finally {
    await bundle.close();
  }
}

/** Tells whether a module is of another package. The helpers into which the compiler turns later syntax belong to what is written. */
function isForeign(id) {
  return !id.startsWith('.') && !isAbsolute(id) && !helper.test(id);
}

const helper = /@oxc-project[+/]runtime/;

function removeOthers(dist, written) {
  const files = readdirSync(dist, { recursive: true }).map((file) => join(dist, file));
  for (const file of files) if (file.endsWith('.js') && !written.has(file)) rmSync(file);
}
