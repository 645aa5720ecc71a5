import { spawnSync } from 'node:child_process';

/**
 * Runs a command without input.
 * @param options as of `spawnSync`
 * @returns what it wrote to standard output
 * @throws Error with the end of what it wrote, when it does not end with 0
 */
export function command(program, args, options) {
  const { status, signal, error, stdout, stderr } = tried(program, args, options);
  if (error !== undefined) throw new Error(`${program} could not be run: ${error.message}`);
  if (status !== 0) {
    const end = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${program} ${args.join(' ')}: ended with ${signal ?? status}\n${end}`);
  }
  return stdout;
}

/** As `command`, and gives how it ended. */
export function tried(program, args, options) {
  return spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
}

/** This process's environment without what npm and pnpm tell their scripts: the commands here are of other projects. */
export function strangersEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|bun_|yarn_|turbo_force$|tls_|node_options$|init_cwd$)/i.test(name),
  );
  return Object.fromEntries(kept);
}
