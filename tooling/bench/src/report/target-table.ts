import { isMeasured, type Measurement, type NodeResults } from '../result.ts';
import { baseline, limit } from '../subjects.ts';
import { mostCollections, mostStart, targets } from '../targets.ts';
import { markdownTable, significant } from './markdown.ts';

interface Verdict {
  readonly what: string;
  readonly subject: string;
  readonly cell: string;
  /** The ratio that sockets have without TLS, where there is one. */
  readonly limit?: string | undefined;
}

/**
 * Makes a row for each target, and in it a cell for each line of Node: what was measured, what is wanted, whether it is reached. The last cell
 * has what sockets do without TLS, on each line.
 */
export function targetTable(nodes: readonly NodeResults[]): string {
  const verdicts = nodes.map((node) => [...ratioVerdicts(node), ...collectionVerdicts(node), ...startVerdicts(node)]);
  const key = ({ what, subject }: Verdict): string => `${what}\n${subject}`;
  const found = verdicts.map((own) => new Map(own.map((verdict) => [key(verdict), verdict])));
  return markdownTable(
    ['target', 'implementation', ...nodes.map(({ line }) => `Node ${line}`), limit],
    [...new Set(verdicts.flat().map(key))].map((name) => [
      ...name.split('\n'),
      ...found.map((own) => own.get(name)?.cell ?? notMeasured),
      found.flatMap((own) => own.get(name)?.limit ?? []).join(' / '),
    ]),
  );
}

function ratioVerdicts(node: NodeResults): readonly Verdict[] {
  return targets.flatMap(({ what, workload, case: name, wanted, atMost = false }) =>
    Object.entries(wanted).map(([subject, [node20, later]]) => {
      const bound = Number(node.line) < 22 ? node20 : later;
      const ratio = measurement(node, workload, name, subject)?.ratio?.median;
      if (ratio === undefined) return { what, subject, cell: notMeasured };
      const isReached = atMost ? ratio <= bound : ratio >= bound;
      const wantedText = `${atMost ? '≤ ' : ''}${bound.toFixed(2)}`;
      const limitText = measurement(node, workload, name, limit)?.ratio?.median.toFixed(2);
      return { what, subject, cell: cell(ratio.toFixed(2), wantedText, isReached), limit: limitText };
    }),
  );
}

function collectionVerdicts(node: NodeResults): readonly Verdict[] {
  const name = '1.28 GiB received, onread';
  const result = node.results.find((each) => each.workload === 'collections' && each.case === name);
  return (result?.subjects ?? [])
    .filter(isMeasured)
    .filter(({ subject }) => subject !== baseline)
    .map(({ subject, figures }) => {
      const count = figures['collections'] ?? Number.NaN;
      const text = cell(String(count), `≤ ${mostCollections}`, count <= mostCollections);
      return { what: `major collections in ${name}`, subject, cell: text };
    });
}

function startVerdicts(node: NodeResults): readonly Verdict[] {
  const rows = node.tables.find(({ id }) => id === 'start')?.rows ?? [];
  return rows
    .filter(([entry]) => String(entry).startsWith('@org/'))
    .map(([entry, milliseconds, mebibytes]) => {
      const isReached = Number(milliseconds) <= mostStart.milliseconds && Number(mebibytes) <= mostStart.mebibytes;
      const measured = `${significant(Number(milliseconds))} ms, ${significant(Number(mebibytes))} MiB`;
      const text = cell(measured, `≤ ${mostStart.milliseconds} ms, ${mostStart.mebibytes} MiB`, isReached);
      return { what: 'import, CPU and heap', subject: String(entry), cell: text };
    });
}

function cell(measured: string, wanted: string, isReached: boolean): string {
  return `${measured} (${wanted}) ${isReached ? 'reached' : '**missed**'}`;
}

const notMeasured = 'not measured';

function measurement(node: NodeResults, workload: string, name: string, subject: string): Measurement | undefined {
  const isIt = (each: (typeof node.results)[number]): boolean =>
    each.workload === workload && each.case === name && each.heapMebibytes === 0;
  const found = node.results.find(isIt)?.subjects.find((each) => each.subject === subject);
  return found !== undefined && isMeasured(found) ? found : undefined;
}
