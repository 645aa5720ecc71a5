import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from './score.ts';
import type { Subject, Suite } from './table.ts';

/** What came of a family of files. */
export interface FamilyScore {
  readonly name: string;
  readonly files: number;
  /** Connections that were secured by us, or tried to be. */
  readonly connections: number;
  readonly verdicts: readonly Verdict[];
}

/** A run over one seam. */
export interface Run {
  readonly by: Subject['by'];
  readonly families: readonly FamilyScore[];
}

/** Where a page of results comes from. */
export interface Source {
  readonly folder: string;
  readonly backend: Subject['backend'];
  readonly suite: Suite;
  /** The Node that ran the tests, with its OpenSSL. */
  readonly node: string;
  /** Its major version. */
  readonly major: string;
}

/** The page of results of a backend. */
export function resultsFile({ backend, major }: Pick<Source, 'backend' | 'major'>): string {
  return `RESULTS.node${major}.${backend}.md`;
}

/** Counts what came of tests. */
export function countsOf(verdicts: readonly Verdict[]): Readonly<Record<Verdict['kind'], number>> {
  const count = (kind: Verdict['kind']): number => verdicts.filter((verdict) => verdict.kind === kind).length;
  return { passed: count('passed'), differs: count('differs'), 'not counted': count('not counted') };
}

/** Writes the page of results of a backend. */
export function writeResults(source: Source, runs: readonly Run[]): void {
  const { folder, backend, suite, node } = source;
  const text = `# undici's own tests: ${backend}

undici ${suite.undici}, as \`@org/http-client\` has it, under its own tests, each file in a process of its own, with TLS by \`@org/tls-${backend}\`.
A test counts where it passes on this machine over undici's own connector and node:tls.

- date: ${new Date().toISOString().slice(0, 10)}
- tests: ${suite.repository}, commit \`${suite.commit}\`
- run by: ${node}
- command: \`UNDICI_SUITE=<undici> UNDICI_SUITE_BACKEND=${backend} UNDICI_SUITE_WRITE_RESULTS=1 pnpm --filter @org/undici-suite suite\`

${runs.map(sectionOf).join('\n')}`;
  writeFileSync(join(folder, resultsFile(source)), text);
}

const titles: Readonly<Record<Subject['by'], string>> = {
  connector: 'Our connector in the place of undici’s',
  'node-tls': '`@org/node-tls` in the place of the node:tls that undici loads',
};

function sectionOf({ by, families }: Run): string {
  const all = families.flatMap(({ verdicts }) => verdicts);
  const rows = [...families, { name: 'all', ...totalsOf(families), verdicts: all }].map((family) => {
    const { passed, differs, 'not counted': out } = countsOf(family.verdicts);
    return `| ${[family.name, family.files, family.connections, passed + differs, passed, differs, out].join(' | ')} |`;
  });
  const byReason = new Map<string, readonly string[]>();
  for (const verdict of all) {
    if (verdict.kind !== 'differs') continue;
    const reason = verdict.reason ?? 'no reason is given';
    byReason.set(reason, [...(byReason.get(reason) ?? []), verdict.test]);
  }
  const out = all.filter(({ kind }) => kind === 'not counted').map(({ test }) => `- \`${test}\``);
  return `## ${titles[by]}

| part | files | connections secured | tests | passed | differ | not counted |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

### What differs, by reason

${[...byReason].map(([reason, tests]) => `- ${reason}:\n${tests.map((test) => `  - \`${test}\``).join('\n')}`).join('\n') || 'Nothing.'}

### Not counted: skipped, or failing with undici's own connector too

${out.join('\n') || 'None.'}
`;
}

function totalsOf(families: readonly FamilyScore[]): { readonly files: number; readonly connections: number } {
  const sum = (of: (family: FamilyScore) => number): number =>
    families.reduce((total, family) => total + of(family), 0);
  return { files: sum(({ files }) => files), connections: sum(({ connections }) => connections) };
}
