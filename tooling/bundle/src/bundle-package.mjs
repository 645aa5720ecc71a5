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
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name } = manifest;
  const entries = entriesOf(manifest);
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
      codeSplitting: { groups: joinedRooms(name) },
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

/**
 * Gives the rooms of a package that are one file where several entries need something of them. Without that, there is a file for each set of
 * entries. A room imports in one direction, and all of it may be loaded with any of it.
 */
function joinedRooms(name) {
  const rooms = roomsByPackage[name] ?? [];
  return rooms.map((room) => ({ name: room, test: ofRoom(room), minShareCount: 2 }));
}

function ofRoom(room) {
  return room === 'root' ? /[\\/]src[\\/][^\\/]+$/ : new RegExp(`[\\\\/]src[\\\\/]${room}[\\\\/]`);
}

/** The lowest come first, since a room takes what it imports along. `root` is the room of the files that lie in `src` itself. */
const roomsByPackage = {
  '@org/tls-core': ['root'],
  '@org/tls-crypto': ['root', 'der', 'keys', 'provider-rules', 'tables'],
};

function removeOthers(dist, written) {
  const files = readdirSync(dist, { recursive: true }).map((file) => join(dist, file));
  for (const file of files) if (file.endsWith('.js') && !written.has(file)) rmSync(file);
}
