import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '@org/binaries/cache';
import { run } from '@org/binaries/command';
import { debianMirror } from '@org/binaries/debian-mirror';
import { enterRoot, prefix } from './wine.mjs';

/** This number is raised when existing roots must be made again. */
const recipe = 2;

/** The Debian release that has each Wine. */
const suites = { 10: 'trixie', 8: 'bookworm' };

/** An empty file, which turns off no protocol. Without such a file, Wine's SChannel has no TLS 1.3. */
export const priorityFile = '/etc/gnutls-priorities';

/**
 * Makes a Debian root with Wine `version`, by mmdebstrap from the mirror that apt uses here. Its prefix says that it is Windows 10. It
 * takes a minute or two, and 2 GB, once.
 * @throws SetupError when it cannot be made
 */
export function wineRoot(version) {
  const suite = suites[version];
  return cached(`wine-${version}-${suite}-${recipe}`, (folder) => {
    console.log(`windows: making a root of Debian ${suite} with Wine ${version}: two minutes and 2 GB, once`);
    run('mmdebstrap', [
      '--quiet',
      '--mode=root',
      '--variant=essential',
      '--include=wine64,wine,ca-certificates',
      '--aptopt=APT::Install-Recommends "false"',
      suite,
      folder,
      `deb ${debianMirror()} ${suite} main`,
    ]);
    writeFileSync(join(folder, priorityFile), '');
    mkdirSync(join(folder, prefix), { recursive: true });
    // The server writes the registry when it ends.
    run('unshare', enterRoot(folder, { keeps: true, command: ['sh', '-c', 'wine winecfg -v win10 && wineserver -w'] }));
  });
}
