import { mkdirSync } from 'node:fs';
import { command, strangersEnvironment } from './command.mjs';

/**
 * Clones the last commit of a workspace, and installs what it depends on. Nothing of the workspace's own folder gets into it: no build, no
 * cache of builds, no tag.
 * @returns the environment for commands in the clone; git's author there is nobody
 */
export function cloneWorkspace(root, folder, home) {
  mkdirSync(home, { recursive: true });
  const author = { NAME: 'release check', EMAIL: 'release-check@localhost' };
  const env = {
    ...strangersEnvironment(),
    CI: 'true',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    TURBO_CACHE_DIR: `${home}/turbo`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(author).map(([key, value]) => [`GIT_${role}_${key}`, value]),
      ),
    ),
  };
  command('git', ['clone', '--quiet', '--no-hardlinks', '--no-tags', root, folder], { env });
  // Changesets compares with main, which a clone of another branch does not have.
  if (command('git', ['branch', '--list', 'main'], { cwd: folder, env }).trim() === '')
    command('git', ['branch', 'main'], { cwd: folder, env });
  command('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: folder, env });
  return env;
}

/** Commits all that has changed. */
export function commitAll(folder, env, message) {
  command('git', ['add', '--all'], { cwd: folder, env });
  command('git', ['commit', '--quiet', '--message', message], { cwd: folder, env });
}
