// Sets the workspace up on a machine that has Node and npm, then runs one of its commands:
//   node tooling/bootstrap.mjs demo | test | test:whole | test:nodes | test:windows | binaries | bench | bench:check |
//     release:check | docs | setup  [arguments for the command]
// Nothing is installed globally: pnpm goes to .bootstrap/, and is left alone where the right one is on PATH.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addDaemonFolders, ensureCommands } from './bootstrap/debian-packages.mjs';
import { environmentFingerprint } from './bootstrap/environment-fingerprint.mjs';
import { ensurePnpm } from './bootstrap/pinned-pnpm.mjs';
import { BootstrapError, run } from './bootstrap/run.mjs';
import { compiler, peers } from './bootstrap/tested-commands.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [20, 19];
const pip = ['python3', 'pip3'];
const loaders = ['mmdebstrap', 'qemu-aarch64-static', 'llvm-readobj'];

/** What each command needs from the system, and what it does. */
const commands = {
  setup: { needs: compiler, run: () => turbo(['run', 'build']) },
  demo: { needs: [...compiler, 'openssl', 'curl'], run: (args) => runScript('@org/demo', 'start', args) },
  test: { needs: [...compiler, ...peers], run: test },
  'test:whole': { needs: [...compiler, ...peers], run: testWhole },
  'test:nodes': { needs: [...compiler, ...peers], run: testNodes },
  'test:windows': { needs: [...compiler, ...pip, 'openssl', 'mmdebstrap'], run: testWindows },
  binaries: { needs: [...compiler, ...pip, ...loaders], run: (args) => runScript('@org/binaries', 'start', args) },
  bench: { needs: compiler, run: (args) => runScript('@org/bench', 'start', args) },
  'bench:check': { needs: compiler, run: (args) => runScript('@org/bench', 'check', args) },
  'release:check': { needs: [...compiler, 'openssl', 'redis-server'], run: releaseCheck },
  docs: { needs: [], run: docs },
};

function runScript(packageName, script, args) {
  turbo(['run', 'build', `--filter=${packageName}...`]);
  pnpm(['--filter', packageName, 'run', script, ...args]);
}

/**
 * Two packages run at a time: while one waits for a peer or is at its last file, the other has the core.
 * A package that fails does not keep others from being tested.
 */
function test(args) {
  process.env.TLS_TEST_ENVIRONMENT = environmentFingerprint(root, peers);
  turbo(['run', 'test', '--concurrency=2', '--continue=dependencies-successful', ...args]);
}

/** As `test`, where suites that take minutes are not sampled. */
function testWhole(args) {
  process.env.TEST_SCOPE = 'whole';
  test(args);
}

function testNodes(args) {
  turbo(['run', 'build']);
  pnpm(['--filter', '@org/node-matrix', 'run', 'start', ...args]);
}

function testWindows(args) {
  turbo(['run', 'build', '--filter=@org/windows-tests...']);
  run(process.execPath, [join(root, 'tooling', 'windows', 'src', 'main.mjs'), ...args], { cwd: root });
}

/** Builds nothing: the check builds in a clone. */
function releaseCheck(args) {
  pnpm(['--filter', '@org/release', 'run', 'check', ...args]);
}

/** Builds nothing: the site is made of sources. */
function docs() {
  pnpm(['--filter', '@org/site', 'run', 'start']);
}

function pnpm(args) {
  run('pnpm', args, { cwd: root });
}

function turbo(args) {
  pnpm(['exec', 'turbo', ...args, '--ui=stream', '--output-logs=new-only']);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new BootstrapError(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}`);
}

function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) throw new BootstrapError(`usage: bootstrap.mjs ${Object.keys(commands).join(' | ')}`);
  requireNode();
  process.env.TURBO_TELEMETRY_DISABLED = '1';
  process.env.DO_NOT_TRACK = '1';
  addDaemonFolders();
  ensureCommands(command.needs);
  ensurePnpm(root);
  pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false']);
  command.run(args);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  console.error(`bootstrap: ${error.message}`);
  process.exitCode = error.exitCode;
}
