import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';
import { entriesOf } from './entries.mjs';

/**
 * Writes one file for each entry of a package into its `dist`, and into `dist/shared` what several of them need, so that every class and
 * every table is there once. Whatever is not of the package itself stays an import, but for the private packages of `takenIn`. Modules of earlier
 * builds are removed.
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
    external: (id) => isForeign(id) && !takenIn[name]?.includes(id),
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
      codeSplitting: { groups: joinedModules(name) },
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

/** What is not published and goes into those that need it. Their own dependencies must have what it imports. */
const takenIn = { '@org/tls-cli': ['@org/pki'] };

const helper = /@oxc-project[+/]runtime/;

/**
 * Makes one file of the modules of some rooms that several entries need. Without that, there is a file for each set of entries, and a file
 * costs Node more than what stands in it. All of the file may be loaded with any of it.
 */
function joinedModules(name) {
  const joined = joinedByPackage[name];
  if (joined === undefined) return [];
  const { file, rooms, entries } = joined;
  return [{ name: file, test: ofRooms(rooms), minShareCount: entries }];
}

function ofRooms(rooms) {
  const places = rooms.map((room) => (room === '.' ? '[^\\\\/]+$' : `${room}[\\\\/]`));
  return new RegExp(`[\\\\/]src[\\\\/](?:${places.join('|')})`);
}

/**
 * The file in `dist/shared`, the rooms, of which `.` is that of the modules that lie in `src` itself, and how many entries need a module of it at
 * least. The file takes along what its modules import.
 */
const joinedByPackage = {
  '@org/tls-core': { file: 'root', rooms: ['.'], entries: 2 },
  '@org/tls-crypto': { file: 'base', rooms: ['.', 'der', 'keys', 'provider-rules', 'tables', 'wasm'], entries: 2 },
  '@org/x509': { file: 'paths', rooms: ['.', 'extensions', 'names'], entries: 2 },
  // what only the whole package and `misbehaving` need is the server's and Encrypted Client Hello's
  '@org/tls-pure': {
    file: 'client',
    rooms: ['.', 'wire', 'schedule', 'record', 'session', 'handshake', 'client'],
    entries: 3,
  },
};

function removeOthers(dist, written) {
  const files = readdirSync(dist, { recursive: true }).map((file) => join(dist, file));
  for (const file of files) if (file.endsWith('.js') && !written.has(file)) rmSync(file);
}
