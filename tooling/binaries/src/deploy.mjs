import { run } from './command.mjs';

/**
 * Puts a package of the workspace with all that it depends on into a folder, as an install would, without links between packages.
 * @param workspace the workspace's root
 * @param name the package
 * @param folder a path at which nothing exists yet
 * @param flags more flags for pnpm, e.g. another system
 */
export function deploy(workspace, name, folder, flags = []) {
  const all = ['--legacy', '--prod', '--silent', '--config.node-linker=hoisted', ...flags];
  run('pnpm', ['--filter', name, 'deploy', ...all, folder], { cwd: workspace });
  // pnpm has written the workspace's links to vitest and tsc anew, without the folders in which they find packages.
  run('pnpm', ['install', '--frozen-lockfile', '--force', '--silent'], { cwd: workspace });
}
