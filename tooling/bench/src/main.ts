// Measures what it is told to, and prints tables: node dist/main.js --only handshakes,echo --node 20,24 --subjects 'pure; native'
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, type UndatedResult } from './compare.ts';
import { Identities } from './identities.ts';
import { measuringNow, versionsOf } from './machine.ts';
import { findNodes, type Node } from './nodes.ts';
import { plans } from './plans.ts';
import { numberTable, resultTable } from './report/markdown.ts';
import type { Table } from './result.ts';
import { mergeResults, readResults, writeReport, writeResults } from './results.ts';
import { measureStart } from './start.ts';
import { subjectNamed, subjects } from './subjects.ts';
import { loadWorkload, workloadIds } from './workload.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    case: { type: 'string', default: '' },
    node: { type: 'string' },
    subjects: { type: 'string' },
    heap: { type: 'string' },
    plan: { type: 'string', default: 'usual' },
    thorough: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const planName = values.thorough ? 'thorough' : values.plan;
const plan = plans[planName] ?? unknownPlan();
const names = list(values.subjects, ';')?.map((name) => subjectNamed(name).name) ?? usualSubjects();
const isWhole = values.only === undefined && values.case === '' && values.subjects === undefined;
const identities = new Identities();
/** MiB of application heap beside some cases, which are measured without it too. */
const applicationHeap = 24;

if (values.report) await writeReport();
else await measureAll();

async function measureAll(): Promise<void> {
  const measuring = await measuringNow(planName);
  for (const node of await findNodes(list(values.node, ',') ?? usualLines())) {
    const results = (await measureCases(node)).map((result) => ({ ...measuring, ...result }));
    const tables = (await measureTables(node)).map((table) => ({ ...measuring, ...table }));
    if (!isWhole && !values.write) continue;
    const earlier = (await readResults()).find(({ line }) => line === node.line);
    const measured = { line: node.line, ...(await versionsOf(node.binary)), results, tables };
    await writeResults(isWhole ? measured : mergeResults(earlier, measured));
  }
  if (isWhole || values.write) await writeReport();
}

/** Prints each workload as soon as it is measured. */
async function measureCases({ line, binary }: Node): Promise<readonly UndatedResult[]> {
  const all = await workloadIds();
  const results: UndatedResult[] = [];
  for (const id of list(values.only, ',')?.filter((each) => all.includes(each)) ?? all) {
    const workload = await loadWorkload(id);
    const own: UndatedResult[] = [];
    for (const heapMebibytes of list(values.heap, ',')?.map(Number) ?? [0, applicationHeap]) {
      const isChosen = (withHeap: boolean): boolean => heapMebibytes === 0 || values.heap !== undefined || withHeap;
      const cases = workload.cases.filter(
        ({ name, withHeap = false }) => name.includes(values.case) && isChosen(withHeap),
      );
      if (cases.length === 0) continue;
      const measured = heapMebibytes === 0 ? names : names.filter((name) => subjectNamed(name).isPeer !== true);
      own.push(
        ...(await compare({ workload, cases, subjects: measured, node: binary, heapMebibytes, plan, identities })),
      );
    }
    process.stdout.write(`\n### ${id}, Node ${line}\n\n${resultTable(own)}\n`);
    results.push(...own);
  }
  return results;
}

async function measureTables({ line, binary }: Node): Promise<readonly Table[]> {
  const chosen = list(values.only, ',') ?? ['start', 'offload'];
  const tables = [
    ...(chosen.includes('start') ? [await measureStart(binary, plan.rounds + 1)] : []),
    ...(chosen.includes('offload') ? [await measureOffload(binary)] : []),
  ];
  for (const table of tables) {
    process.stdout.write(`\n### ${table.id}, Node ${line}\n\n${numberTable(table)}\n`);
  }
  return tables;
}

async function measureOffload(node: string): Promise<Table> {
  const child = fork(fileURLToPath(new URL('./offload.js', import.meta.url)), { execPath: node, execArgv: [] });
  const [table] = (await once(child, 'message')) as [Table];
  return table;
}

/** Gives the line of Node that runs this, and 24. */
function usualLines(): readonly string[] {
  const [own = ''] = process.versions.node.split('.');
  return [...new Set([own, '24'])];
}

function usualSubjects(): readonly string[] {
  return subjects.filter(({ isControl }) => isControl !== true).map(({ name }) => name);
}

function list(text: string | undefined, separator: string): readonly string[] | undefined {
  return text?.split(separator).map((each) => each.trim());
}

function unknownPlan(): never {
  throw new RangeError(`--plan: expected one of ${Object.keys(plans).join(', ')}`);
}
