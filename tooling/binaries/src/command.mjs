import { spawnSync } from 'node:child_process';

/** Says in one line what keeps the tests from running. */
export class SetupError extends Error {}

/**
 * Runs a command with the output of this process.
 * @throws SetupError when it does not end with 0
 */
export function run(command, args, options = {}) {
  const { error, status, signal } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (status !== 0) throw new SetupError(`${command}: ended with ${error?.message ?? signal ?? status}`);
}

/**
 * What a command prints.
 * @throws SetupError when it does not end with 0
 */
export function outputOf(command, args, options = {}) {
  const { error, status, signal, stdout } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    // the names that a Node exports are some megabytes
    maxBuffer: 2 ** 26,
    ...options,
  });
  if (status !== 0) throw new SetupError(`${command}: ended with ${error?.message ?? signal ?? status}`);
  return stdout;
}
