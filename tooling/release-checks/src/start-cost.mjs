import { execFileSync } from 'node:child_process';

/**
 * Measures what imports cost, in processes of their own that take turns.
 * @param {object} options
 * @param {string} options.node the Node to run
 * @param {string} options.folder where packages are found
 * @param {readonly string[]} options.specifiers
 * @param {number} options.rounds
 * @returns {ReadonlyMap<string, { cpu: number, heap: number }>} medians: milliseconds of CPU, and MiB that live in V8's heap
 */
export function startCosts({ node, folder, specifiers, rounds }) {
  const runs = new Map(specifiers.map((specifier) => [specifier, []]));
  for (let round = 0; round < rounds; round++)
    for (const [specifier, costs] of runs) costs.push(costOf(node, folder, specifier));
  const medians = [...runs].map(([specifier, costs]) => [
    specifier,
    { cpu: median(costs.map(([cpu]) => cpu)), heap: median(costs.map(([, heap]) => heap)) },
  ]);
  return new Map(medians);
}

/** What every figure of CPU is told beside: Node's own client and server, whose cost no release of ours changes. */
export const reference = 'node:https';

/**
 * What one import costs in a process of its own.
 * @param {string} node
 * @param {string} folder
 * @param {string} specifier
 * @returns {readonly [cpu: number, heap: number]} milliseconds of CPU, and MiB that live in V8's heap
 */
export function costOf(node, folder, specifier) {
  const args = ['--input-type=module', '-e', program, specifier];
  return JSON.parse(execFileSync(node, args, { cwd: folder, encoding: 'utf8' }));
}

/**
 * The heap is told behind a collection: whether one came during the import is chance. The inspector can ask for one without a flag of V8, and with
 * a flag Node would not use the code of its own modules that it keeps compiled.
 */
const program = `
import { Session } from 'node:inspector';
const live = () => {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage');
  session.disconnect();
  return process.memoryUsage().heapUsed;
};
const heap = live();
const start = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(start);
console.log(JSON.stringify([(user + system) / 1000, (live() - heap) / 2 ** 20]));
`;

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
