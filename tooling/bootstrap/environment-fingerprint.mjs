import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandPath } from './debian-packages.mjs';

/**
 * A hash of what test results depend on and the task cache does not see: Node itself, the peers' programs, and the
 * data beside the checkout. Files are told apart by size and time, as make does.
 */
export function environmentFingerprint(root, peers) {
  const hash = createHash('sha256');
  hash.update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const peer of peers) hash.update(`${peer} ${fileStamp(commandPath(peer))}\n`);
  for (const library of libraries) hash.update(`${library} ${fileStamp(library)}\n`);
  const data = join(root, '..', 'shared', 'data');
  if (existsSync(data)) {
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
    for (const file of files.sort((one, other) => (one < other ? -1 : 1)))
      hash.update(`${file} ${fileStamp(join(data, file))}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((triple) => `/usr/lib/${triple}/libssl.so.3`);

function fileStamp(path) {
  if (path === undefined || !existsSync(path)) return 'missing';
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}
