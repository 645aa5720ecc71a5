import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Table } from './result.ts';
import { median } from './statistics.ts';

/** What a program imports before it can do anything, by the name of its row. */
const entries: Readonly<Record<string, readonly string[]>> = {
  'node:tls': ['node:tls'],
  '@org/tls-pure': ['@org/tls-pure'],
  '@org/tls-pure/client': ['@org/tls-pure/client'],
  '@org/tls-native': ['@org/tls-native'],
  '@org/tls-core/node and @org/tls-pure': ['@org/tls-core/node', '@org/tls-pure'],
  '@org/tls-core/node and @org/tls-native': ['@org/tls-core/node', '@org/tls-native'],
  '@org/http-client and @org/tls-pure': ['@org/http-client', '@org/tls-pure'],
  undici: ['undici'],
};

/** Measures what importing each entry takes, in a process of its own each time, in turns. */
export async function measureStart(node: string, rounds: number): Promise<Table> {
  const taken = new Map(Object.keys(entries).map((name) => [name, [] as Start[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, modules] of Object.entries(entries)) taken.get(name)?.push(await start(node, modules));
  }
  return {
    id: 'start',
    header: ['entry', 'CPU ms', 'heap MiB'],
    rows: [...taken].map(([name, starts]) => [
      name,
      median(starts.map(({ milliseconds }) => milliseconds)),
      median(starts.map(({ mebibytes }) => mebibytes)),
    ]),
  };
}

interface Start {
  readonly milliseconds: number;
  readonly mebibytes: number;
}

async function start(node: string, modules: readonly string[]): Promise<Start> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['--input-type=module', '--eval', program, '--', ...modules];
  const { stdout } = await run(node, args, { cwd: fileURLToPath(new URL('..', import.meta.url)), env });
  return JSON.parse(stdout) as Start;
}

const run = promisify(execFile);

/** Heap is compared after collections, so that garbage is not counted. */
const program = `
import v8 from 'node:v8';
import vm from 'node:vm';
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
collect();
const heap = process.memoryUsage().heapUsed;
const cpu = process.cpuUsage();
for (const name of process.argv.slice(1)) await import(name);
const { user, system } = process.cpuUsage(cpu);
collect();
const mebibytes = (process.memoryUsage().heapUsed - heap) / 1024 / 1024;
console.log(JSON.stringify({ milliseconds: (user + system) / 1000, mebibytes }));
`;
