import { execFile } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measuring, NodeResults } from './result.ts';

type Facts = Pick<NodeResults, 'node' | 'openssl' | 'nativeLibrary' | 'cpu' | 'cores'>;

/** Gives what figures depend on: the versions and the processor. */
export async function machineFacts(node: string): Promise<Facts> {
  const versions = JSON.parse(await output(node, ['--input-type=module', '--eval', program])) as Pick<
    Facts,
    'node' | 'openssl' | 'nativeLibrary'
  >;
  return {
    ...versions,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
}

/** Gives the day and the commit. */
export async function measuringNow(plan: string): Promise<Measuring> {
  const commit = (await output('git', ['rev-parse', '--short=12', 'HEAD'])).trim();
  return { date: new Date().toISOString().slice(0, 10), commit, plan };
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
