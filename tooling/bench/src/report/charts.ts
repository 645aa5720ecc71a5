import { isMeasured, type CaseResult, type NodeResults } from '../result.ts';
import { baseline, limit, subjects } from '../subjects.ts';
import { barChart, type Bar, type Row } from './svg.ts';

/** Draws the ratios of one workload, a panel for each line of Node. */
export function ratioChart(title: string, workload: string, nodes: readonly NodeResults[]): string {
  const results = nodes.map(({ results: all }) => all.filter((result) => result.workload === workload));
  const groups = [...new Set(results.flat().map(groupName))];
  const rows = rowsOf(results.flat());
  return barChart({
    title,
    groups,
    rows,
    line: { value: 1, label: baseline },
    panels: nodes.map(({ node }, index) => ({
      title: `Node ${node.replace('v', '')}`,
      bars: groups.map((group) => {
        const result = results[index]?.find((each) => groupName(each) === group);
        return rows.map(({ name }) => barOf(result, name));
      }),
    })),
  });
}

/** Names a case, with the heap that its processes had. */
export function groupName({ case: name, heapMebibytes }: CaseResult): string {
  return heapMebibytes === 0 ? name : `${name}, ${heapMebibytes} MiB of heap`;
}

function rowsOf(results: readonly CaseResult[]): readonly Row[] {
  const drawn = new Set(
    results.flatMap((result) =>
      result.subjects.filter((each) => isMeasured(each) && each.ratio !== undefined).map(({ subject }) => subject),
    ),
  );
  return subjects
    .filter(({ name }) => name !== baseline && name !== limit && drawn.has(name))
    .map(({ name }, index) => ({ name, colour: colours[index % colours.length] ?? 'gray' }));
}

function barOf(result: CaseResult | undefined, subject: string): Bar | undefined {
  const found = result?.subjects.find((each) => each.subject === subject);
  if (found === undefined || !isMeasured(found) || found.ratio === undefined) return undefined;
  const { median, low, high, count } = found.ratio;
  return count > 1 ? { value: median, low, high } : { value: median };
}

const colours = ['#2f81f7', '#8957e5', '#2da44e', '#bf8700', '#8b949e', '#6e7781', '#57606a'];
