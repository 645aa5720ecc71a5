import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BootstrapError, run } from './run.mjs';

/** The Debian package that holds each command. */
const packageOf = {
  'c++': 'g++',
  openssl: 'openssl',
  'gnutls-serv': 'gnutls-bin',
  'gnutls-cli': 'gnutls-bin',
  nginx: 'nginx',
  curl: 'curl',
  certutil: 'libnss3-tools',
  tstclnt: 'libnss3-tools',
  'redis-server': 'redis-server',
  postgres: 'postgresql',
  mariadbd: 'mariadb-server',
  mosquitto: 'mosquitto',
  exim4: 'exim4-daemon-light',
  'rabbitmq-server': 'rabbitmq-server',
  pebble: 'pebble',
  squid: 'squid-openssl',
  tinyproxy: 'tinyproxy',
  danted: 'dante-server',
  chromium: 'chromium',
  mmdebstrap: 'mmdebstrap',
  'qemu-aarch64-static': 'qemu-user-static',
  'llvm-readobj': 'llvm',
  python3: 'python3',
  pip3: 'python3-pip',
};

/**
 * Makes sure that `commands` can be run. As root on Debian what is missing is installed, and said;
 * elsewhere it is named and the tests that need it say so again.
 * @throws BootstrapError when apt fails
 */
export function ensureCommands(commands) {
  if (process.platform !== 'linux') return;
  const missing = commands.filter((command) => !isOnPath(command));
  if (missing.length === 0) return;
  const packages = packagesOf(missing);
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.error(`bootstrap: missing ${missing.join(', ')}; on Debian or Ubuntu: sudo ${install}`);
    return;
  }
  console.log(`bootstrap: INSTALLING SYSTEM PACKAGES for ${missing.join(', ')}: ${install}`);
  // A run level of 1 keeps a package's daemon from being started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run('apt-get', ['update', '-q'], { env });
  // Another apt may be at work on a new machine: wait for it.
  run('apt-get', ['install', '-y', '-q', '-o', 'DPkg::Lock::Timeout=300', '--no-install-recommends', ...packages], {
    env,
  });
  // A package may have brought a folder of its own.
  addDaemonFolders();
  const still = missing.filter((command) => !isOnPath(command));
  if (still.length > 0)
    throw new BootstrapError(`apt-get installed ${packages.join(', ')}, but not ${still.join(', ')}`);
}

/** The Debian packages that hold `commands`, each once. */
export function packagesOf(commands) {
  return [...new Set(commands.map((command) => packageOf[command]))];
}

/** Adds the folders of daemons to PATH: a user's own often does not lead there. */
export function addDaemonFolders() {
  process.env.PATH = [process.env.PATH ?? '', ...daemonFolders()].join(delimiter);
}

/** Debian keeps each version of PostgreSQL in a folder of its own. */
function daemonFolders() {
  if (process.platform === 'win32') return [];
  const versions = existsSync(postgresql) ? readdirSync(postgresql).sort((a, b) => Number(b) - Number(a)) : [];
  const ofPostgresql = versions.map((version) => join(postgresql, version, 'bin'));
  return ['/usr/local/sbin', '/usr/sbin', '/sbin', ...ofPostgresql];
}

const postgresql = '/usr/lib/postgresql';

/** Where a command is on PATH or in a daemon's folder; undefined when it is not. */
export function commandPath(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...daemonFolders()];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

function isOnPath(command) {
  return commandPath(command) !== undefined;
}
