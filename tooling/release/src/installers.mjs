import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command, strangersEnvironment } from './command.mjs';

const require = createRequire(import.meta.url);
const within = (name, path) => join(dirname(require.resolve(`${name}/package.json`)), path);

/**
 * The package managers, each at a pinned version that comes from npm. Each keeps what it fetches in a folder of the project alone: what an
 * earlier run has published under the same version is not to be found.
 */
export const installers = [
  {
    name: 'npm 11',
    files: (url) => ({ '.npmrc': `registry=${url}\n` }),
    command: () => [process.execPath, within('npm', 'bin/npm-cli.js'), 'install', '--no-audit', '--no-fund'],
  },
  {
    name: 'pnpm 12',
    // A release of this minute is what the check is about.
    files: (url) => ({
      '.npmrc': `registry=${url}\n`,
      'pnpm-workspace.yaml': 'minimumReleaseAge: 0\npmOnFail: ignore\n',
    }),
    command: (home) => ['pnpm', 'install', '--no-frozen-lockfile', '--store-dir', join(home, 'store')],
  },
  {
    name: 'yarn 1',
    files: (url) => ({ '.npmrc': `registry=${url}\n`, '.yarnrc': `registry "${url}"\n` }),
    command: (home) => {
      const cache = join(home, 'yarn-cache');
      return [
        process.execPath,
        within('yarn-classic', 'bin/yarn.js'),
        'install',
        '--non-interactive',
        '--cache-folder',
        cache,
      ];
    },
  },
  {
    name: 'yarn 4',
    files: (url) => ({
      '.yarnrc.yml': [
        `npmRegistryServer: '${url.slice(0, -1)}'`,
        'unsafeHttpWhitelist: [127.0.0.1]',
        'nodeLinker: node-modules',
        'enableGlobalCache: false',
        'enableTelemetry: false',
        'enableImmutableInstalls: false',
        'npmMinimalAgeGate: 0',
        '',
      ].join('\n'),
      'yarn.lock': '',
    }),
    command: () => [process.execPath, within('@yarnpkg/cli-dist', 'bin/yarn.js'), 'install'],
  },
  {
    name: 'bun 1',
    files: (url) => ({ 'bunfig.toml': `[install]\nregistry = "${url}"\n` }),
    command: () => [bun(), 'install', '--no-progress'],
  },
];

/**
 * Makes an empty project, and installs packages there as a stranger does.
 * @param dependencies version or range by name
 * @returns the environment for what runs in the project
 */
export function installProject(installer, folder, url, dependencies) {
  const home = join(folder, '.home');
  mkdirSync(home, { recursive: true });
  const env = {
    ...strangersEnvironment(),
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    BUN_INSTALL_CACHE_DIR: join(home, 'bun'),
    npm_config_cache: join(home, 'npm'),
  };
  const manifest = { name: 'stranger', version: '0.0.0', private: true, type: 'module', dependencies };
  const files = { 'package.json': JSON.stringify(manifest, undefined, 2), ...installer.files(url) };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const [program, ...args] = installer.command(home);
  command(program, args, { cwd: folder, env });
  return env;
}

/** The binary is in a package of the platform, on which the package `bun` depends. */
function bun() {
  const fromBun = createRequire(require.resolve('bun/package.json'));
  const platform = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;
  const file = process.platform === 'win32' ? 'bun.exe' : 'bun';
  return join(dirname(fromBun.resolve(`${platform}/package.json`)), 'bin', file);
}
