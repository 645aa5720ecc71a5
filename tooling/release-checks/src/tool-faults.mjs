import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.bin');

/** Gives what publint and attw report about one archive; attw only runs where there is something to import. */
export function toolFaults({ name, tarball, manifest }) {
  const faults = complaint(name, 'publint', ['run', tarball, '--strict']);
  if (manifest.exports === undefined) return faults;
  return [
    ...faults,
    ...complaint(name, 'attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '-f', 'ascii']),
  ];
}

function complaint(name, tool, args) {
  const { status, stdout, stderr, error } = spawnSync(join(bin, tool), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) return [`${name}: ${tool} could not be run: ${error.message}`];
  return status === 0 ? [] : [`${name}: ${tool}:\n${stdout}${stderr}`];
}
