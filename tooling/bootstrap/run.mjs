import { spawnSync } from 'node:child_process';

/** A failure to tell the user in one line; the process ends with `exitCode`. */
export class BootstrapError extends Error {
  exitCode;

  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** On Windows npm and pnpm are scripts, which only a shell starts. */
const shell = process.platform === 'win32';

/**
 * Runs a command with the output of this process and no input.
 * @throws BootstrapError when it does not end with 0
 */
export function run(command, args, options = {}) {
  const { error, status, signal } = spawnSync(command, args, {
    shell,
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  if (error !== undefined) throw new BootstrapError(`${command} could not be run: ${error.message}`);
  if (status !== 0)
    throw new BootstrapError(`${command} ${args.join(' ')}: ended with ${signal ?? status}`, status ?? 1);
}

/** What a command prints, trimmed; undefined when it cannot be run or fails. */
export function outputOf(command, args) {
  const { error, status, stdout } = spawnSync(command, args, {
    shell,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return error === undefined && status === 0 ? stdout.trim() : undefined;
}
