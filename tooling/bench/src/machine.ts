import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measuring, NodeResults } from './result.ts';

type Versions = Pick<NodeResults, 'node' | 'openssl' | 'nativeLibrary'>;

/** Gives the versions that figures depend on. */
export async function versionsOf(node: string): Promise<Versions> {
  return JSON.parse(await output(node, ['--input-type=module', '--eval', program])) as Versions;
}

/** Gives the day, the commit and the machine. */
export async function measuringNow(plan: string): Promise<Measuring> {
  const commit = (await output('git', ['rev-parse', '--short=12', 'HEAD'])).trim();
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`;
  return { date: new Date().toISOString().slice(0, 10), commit, plan, machine };
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { stdout } = await promisify(execFile)(command, args, { cwd });
  return stdout;
}

const program = `
const { node, openssl } = process.versions;
const native = await import('@org/tls-native').then(
  ({ nativeLibrary }) => nativeLibrary().version,
  () => 'none',
);
console.log(JSON.stringify({ node: 'v' + node, openssl, nativeLibrary: String(native) }));
`;
