// Measures what it is told to, and prints tables: node dist/main.js --only handshakes,echo --node 20,24 --subjects 'pure; native'
import process from 'node:process';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { Identities } from './identities.ts';
import { findNodes } from './nodes.ts';
import { plans } from './plans.ts';
import { resultTable } from './report/markdown.ts';
import { subjectNamed, subjects } from './subjects.ts';
import { loadWorkload, workloadIds } from './workload.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    case: { type: 'string', default: '' },
    node: { type: 'string', default: '20,24' },
    subjects: { type: 'string' },
    heap: { type: 'string', default: '0' },
    plan: { type: 'string', default: 'usual' },
  },
});
const plan = plans[values.plan];
if (plan === undefined) throw new RangeError(`--plan: expected one of ${Object.keys(plans).join(', ')}`);
const names = list(values.subjects, ';')?.map((name) => subjectNamed(name).name) ?? subjects.map(({ name }) => name);
const identities = new Identities();

for (const { line, binary } of await findNodes(list(values.node, ',') ?? [])) {
  for (const id of list(values.only, ',') ?? (await workloadIds())) {
    const workload = await loadWorkload(id);
    const cases = workload.cases.filter(({ name }) => name.includes(values.case));
    for (const heapMebibytes of (list(values.heap, ',') ?? []).map(Number)) {
      const comparison = { workload, cases, subjects: names, node: binary, heapMebibytes, plan, identities };
      process.stdout.write(`\n### ${id}, Node ${line}\n\n${resultTable(await compare(comparison))}\n`);
    }
  }
}

function list(text: string | undefined, separator: string): readonly string[] | undefined {
  return text?.split(separator).map((each) => each.trim());
}
