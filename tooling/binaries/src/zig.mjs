import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { run } from './command.mjs';

const requirements = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'packages',
  'tls-native',
  'native',
  'zig-requirements.txt',
);

/**
 * Gives the path of Zig, which comes from PyPI.
 * @throws SetupError when pip fails, or when the archive is not the pinned one
 */
export function zig() {
  const [, version] = /^ziglang==(\S+)/m.exec(readFileSync(requirements, 'utf8'));
  const folder = cached(`zig-${version}-${process.arch}`, (made) => {
    const flags = '--quiet --no-deps --only-binary=:all: --require-hashes'.split(' ');
    run('python3', ['-m', 'pip', 'install', ...flags, '--target', made, '-r', requirements]);
  });
  return join(folder, 'ziglang', 'zig');
}
