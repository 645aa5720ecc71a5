// Judges the ratios to node:tls by the floors of floors.json, under the Node that runs this or those of --node. It looks at ratios alone,
// so that it says the same on a slow machine as on a fast one. With --record MACHINE it writes down what this machine had in place of judging.
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Plan } from './case-run.ts';
import { compare, type UndatedResult } from './compare.ts';
import { fault, readFloors, recordFigures, type Floor, type Seen } from './floors.ts';
import { Identities } from './identities.ts';
import { findNodes, type Node } from './nodes.ts';
import { markdownTable } from './report/markdown.ts';
import { isMeasured } from './result.ts';
import { control } from './subjects.ts';
import { loadWorkload } from './workload.ts';

const plan: Plan = {
  rounds: 4,
  sample: 150,
  warmUp: 0.9,
  // The floors go by figures with so little; with all of it the check of one Node would take more than three minutes.
  firstContactWarmUp: 0.125,
  noise: 0.3,
  repeats: 1,
  // To open connections for idle memory takes the longest of all; with 3,200 the check has room in its three minutes on a slow machine.
  once: 0.4,
};
/** What is below its floor is measured again, with more rounds, before it counts. */
const secondPlan: Plan = { ...plan, rounds: 8, noise: 0.2, once: 1 };
/** Two pairs of node:tls may differ so much; if they differ more, no ratio of this run can be trusted. */
const mostOff = 1.5;

const { values } = parseArgs({ options: { node: { type: 'string' }, record: { type: 'string' } } });
const [own = ''] = process.versions.node.split('.');
const identities = new Identities();
const faults: string[] = [];
for (const node of await findNodes(values.node?.split(',') ?? [own])) faults.push(...(await check(node)));
for (const each of faults) process.stdout.write(`FAILED ${each}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function check(node: Node): Promise<readonly string[]> {
  const floors = await readFloors(node.line);
  if (floors.length === 0) process.stdout.write(`there are no floors for Node ${node.line}\n`);
  const found: string[] = [];
  const rows: (readonly string[])[] = [];
  const seen: Seen[] = [];
  for (const id of new Set(floors.map(({ workload }) => workload))) {
    const judged = floors.filter(({ workload }) => workload === id);
    const first = await measure(node, judged, plan);
    const doubted = judged.filter((floor) => faultOf(floor, first) !== undefined);
    const second = doubted.length === 0 ? [] : await measure(node, doubted, secondPlan);
    for (const floor of judged) {
      const results = doubted.includes(floor) ? second : first;
      const isWrong = faultOf(floor, results);
      if (isWrong !== undefined) found.push(`Node ${node.line}: ${isWrong}`);
      const measured = figureOf(floor, results);
      rows.push([floor.workload, floor.case, floor.subject, measured?.toFixed(2) ?? 'not there', String(floor.bound)]);
      if (measured !== undefined) seen.push({ floor, measured, isCeiling: isCeiling(floor, results) });
    }
    found.push(...doubts(node, first));
  }
  const header = ['workload', 'case', 'implementation', 'measured', 'bound'];
  process.stdout.write(`\nNode ${node.line}\n\n${markdownTable(header, rows)}\n`);
  if (values.record === undefined) return found;
  await recordFigures(node.line, values.record, seen);
  return found.filter((each) => each.includes('its own rate'));
}

async function measure(node: Node, floors: readonly Floor[], how: Plan): Promise<readonly UndatedResult[]> {
  const [first] = floors;
  if (first === undefined) return [];
  const workload = await loadWorkload(first.workload);
  const cases = workload.cases.filter(({ name }) => floors.some((floor) => floor.case === name));
  const subjects = [...new Set(floors.map(({ subject }) => subject))];
  if (workload.measures === 'rate') subjects.unshift(control);
  return compare({ workload, cases, subjects, node: node.binary, heapMebibytes: 0, plan: how, identities });
}

/** A subject that is not there has no figure. */
function figureOf(floor: Floor, results: readonly UndatedResult[]): number | undefined {
  const result = results.find((each) => each.case === floor.case);
  const measured = result?.subjects.find((each) => each.subject === floor.subject);
  if (measured === undefined || !isMeasured(measured)) return undefined;
  return result?.measures === 'collections' ? measured.figures['collections'] : measured.ratio?.median;
}

function faultOf(floor: Floor, results: readonly UndatedResult[]): string | undefined {
  const figure = figureOf(floor, results);
  if (figure === undefined) return `${floor.subject} in ${floor.workload}, ${floor.case}: it is not there`;
  return fault(floor, figure, isCeiling(floor, results));
}

/** Of memory and of collections less is better. */
function isCeiling(floor: Floor, results: readonly UndatedResult[]): boolean {
  return results.find((each) => each.case === floor.case)?.measures !== 'rate';
}

/** Checks the measuring itself: node:tls in other processes has the rate of node:tls. */
function doubts(node: Node, results: readonly UndatedResult[]): readonly string[] {
  return results.flatMap(({ workload, case: name, subjects }) => {
    const again = subjects.find(({ subject }) => subject === control);
    const ratio = again !== undefined && isMeasured(again) ? again.ratio?.median : undefined;
    if (ratio === undefined || (ratio <= mostOff && ratio >= 1 / mostOff)) return [];
    return [`Node ${node.line}: node:tls in ${workload}, ${name}, has ${ratio.toFixed(2)} times its own rate`];
  });
}
