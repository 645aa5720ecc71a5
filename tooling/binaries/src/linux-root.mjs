import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { run } from './command.mjs';
import { debianMirror } from './debian-mirror.mjs';

/** What Node and the addon need of each release; Node 26 needs libatomic1. The one of trixie is Debian's second C library, alone. */
const packages = {
  bullseye: 'libc6,libstdc++6,libatomic1',
  bookworm: 'libc6,libstdc++6,libssl3,openssl',
  trixie: 'musl',
};

/** What Debian calls an architecture. */
const architectures = { x64: 'amd64', arm64: 'arm64' };

/**
 * Makes a root of Debian that has the loaders and libraries, and no programs: packages are unpacked, and nothing of them is run.
 * @param suite one of `packages`
 * @param architecture one of `architectures`
 * @throws SetupError when it cannot be made
 */
export function linuxRoot(suite, architecture) {
  // The number counts changes of what is in it.
  return cached(`loaders-${suite}-${architecture}-2`, (folder) => {
    run('mmdebstrap', [
      '--quiet',
      '--variant=extract',
      `--architectures=${architectures[architecture]}`,
      `--include=${packages[suite]}`,
      suite,
      folder,
      `deb ${debianMirror()} ${suite} main`,
    ]);
    for (const name of ['proc', 'dev', 'stage', 'node']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'emulator'), '');
    // A package that is not unpacked here makes this link.
    if (!existsSync(join(folder, 'lib'))) symlinkSync('usr/lib', join(folder, 'lib'));
  });
}
