import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareOf, type Verdict } from './score.ts';
import type { Subject } from './subjects.ts';
import type { Table } from './table.ts';

/** A run of one family of tests. */
export interface Family {
  /** How the names begin: `test-tls-`. */
  readonly prefix: string;
  readonly digest: string;
  readonly verdicts: readonly Verdict[];
  /** How many of the tests pass over node:tls itself. */
  readonly baselinePassed: number;
  readonly seconds: number;
}

/** Where a page of results comes from. */
export interface Source {
  readonly folder: string;
  readonly subject: Subject;
  readonly table: Table;
  /** The Node that ran the tests, with its OpenSSL. */
  readonly node: string;
}

/** Writes the score of a family. */
export function linesOf({ verdicts, baselinePassed }: Family): readonly string[] {
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
  return [
    `tests: ${verdicts.length}, of which ${baselinePassed} pass over node:tls itself`,
    `not applicable: ${count('not applicable')}`,
    `passed: ${count('passed')}`,
    `failed: ${count('failed')}`,
    `passed of the applicable: ${shareOf(verdicts)}`,
  ];
}

/** Names the page of results of a subject. */
export function resultsFile({ suite }: Table, subject: string): string {
  return `RESULTS.node${suite.node.split('.')[0]}.${subject}.md`;
}

/** Writes the page of results of a subject. */
export function writeResults(
  { folder, subject: { name, about }, table, node }: Source,
  families: readonly Family[],
): void {
  const date = new Date().toISOString().slice(0, 10);
  const text = `# Node's own tests: ${name}

The files \`test/parallel/${families.map(({ prefix }) => `${prefix}*`).join('`, `')}\` of Node ${table.suite.node}, each in a process of its own, with
\`@org/node-tls\` over ${about} in the place of node:tls.

- date: ${date}
- tests: ${table.suite.repository}, commit \`${table.suite.commit}\`
- run by: ${node}
- command: \`NODE_SUITE=<node_test>/test NODE_SUITE_BACKEND=${name} NODE_SUITE_WRITE_RESULTS=1 pnpm --filter @org/node-suite suite\`

${families.map(sectionOf).join('\n')}`;
  writeFileSync(join(folder, resultsFile(table, name)), text);
}

function sectionOf(family: Family): string {
  const failed = family.verdicts.flatMap((verdict) => (verdict.kind === 'failed' ? [verdict] : []));
  const reasons = new Map<string, readonly string[]>();
  for (const verdict of family.verdicts) {
    if (verdict.kind !== 'not applicable') continue;
    reasons.set(verdict.reason, [...(reasons.get(verdict.reason) ?? []), `\`${verdict.test}\``]);
  }
  const byCount = [...reasons].toSorted(([, left], [, right]) => right.length - left.length);
  return `## \`${family.prefix}*\`

${linesOf(family).join('  \n')}  
sha256 of the tests: \`${family.digest}\`  
time: ${family.seconds} s on 2 cores

### Failed, with the cause

${failed.map(({ test, cause }) => `- \`${test}\`: ${cause ?? 'no cause is given'}`).join('\n') || 'None.'}

### Not applicable, by reason

${byCount.map(([reason, tests]) => `- ${tests.length}: ${reason}: ${tests.join(', ')}`).join('\n') || 'None.'}
`;
}
