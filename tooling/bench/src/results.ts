import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fillDocument } from './report/document.ts';
import { makeReport } from './report/parts.ts';
import type { CaseResult, NodeResults, TableResult } from './result.ts';

const folder = new URL('../results/', import.meta.url);
const documents = new URL('../../../docs/', import.meta.url);

/** Reads what was measured last, the oldest line of Node first. */
export async function readResults(): Promise<readonly NodeResults[]> {
  await mkdir(folder, { recursive: true });
  const files = await readdir(folder);
  const read = files
    .filter((file) => file.endsWith('.json'))
    .map(async (file) => JSON.parse(await readFile(new URL(file, folder), 'utf8')) as NodeResults);
  return (await Promise.all(read)).toSorted((left, right) => Number(left.line) - Number(right.line));
}

/** Writes what was measured under one line of Node. */
export async function writeResults(measured: NodeResults): Promise<void> {
  const file = new URL(`node-${measured.line}.json`, folder);
  await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
}

/** Makes docs/performance.md's tables and charts of the results that are there. */
export async function writeReport(): Promise<void> {
  const { parts, charts } = makeReport(await readResults());
  const page = new URL('performance.md', documents);
  await writeFile(page, fillDocument(await readFile(page, 'utf8'), parts));
  await mkdir(new URL('performance/', documents), { recursive: true });
  for (const [name, svg] of Object.entries(charts)) await writeFile(new URL(`performance/${name}`, documents), svg);
}

/** Puts new results in the place of those of the same cases, and keeps the others. */
export function mergeResults(earlier: NodeResults | undefined, measured: NodeResults): NodeResults {
  if (earlier === undefined) return measured;
  const key = ({ workload, case: name, heapMebibytes }: CaseResult): string => `${workload}/${name}/${heapMebibytes}`;
  return {
    ...measured,
    results: replaced(earlier.results, measured.results, key),
    tables: replaced(earlier.tables, measured.tables, ({ id }: TableResult) => id),
  };
}

function replaced<T>(earlier: readonly T[], measured: readonly T[], key: (each: T) => string): readonly T[] {
  const renewed = new Map(measured.map((each) => [key(each), each]));
  const kept = earlier.map((each) => renewed.get(key(each)) ?? each);
  const keptKeys = new Set(earlier.map(key));
  return [...kept, ...measured.filter((each) => !keptKeys.has(key(each)))];
}
