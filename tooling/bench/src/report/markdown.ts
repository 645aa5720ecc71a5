import type { UndatedResult } from '../compare.ts';
import { figureHeadings, isMeasured, type SubjectResult, type Table } from '../result.ts';

/** Makes a table of GitHub's Markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Makes a table of figures that belong to no case. */
export function numberTable({ header, rows }: Table): string {
  return markdownTable(
    header,
    rows.map((row) => row.map((cell) => (typeof cell === 'number' ? significant(cell) : cell))),
  );
}

/** Gives the rows of all subjects for one or more cases of one workload. */
export function resultTable(results: readonly UndatedResult[]): string {
  const [first] = results;
  if (first === undefined) return '';
  const figures = figureHeadings[first.measures](first.unit);
  const keys = Object.keys(figures);
  const ratios = first.measures === 'collections' ? [] : ['ratio to node:tls'];
  const spreads = first.measures === 'rate' ? ['half of the rounds'] : [];
  return markdownTable(
    ['case', 'implementation', ...ratios, ...spreads, ...Object.values(figures)],
    results.flatMap((result) =>
      result.subjects.map((each) => [
        caseName(result),
        each.subject,
        ...ratios.map(() => ratioCell(each)),
        ...spreads.map(() => spreadCell(each)),
        ...keys.map((key) => (isMeasured(each) ? significant(each.figures[key] ?? Number.NaN) : '')),
      ]),
    ),
  );
}

function caseName({ case: name, heapMebibytes }: UndatedResult): string {
  return heapMebibytes === 0 ? name : `${name}, with ${heapMebibytes} MiB of heap`;
}

function ratioCell(result: SubjectResult): string {
  return isMeasured(result) && result.ratio !== undefined ? result.ratio.median.toFixed(2) : '–';
}

function spreadCell(result: SubjectResult): string {
  if (!isMeasured(result)) return result.missing;
  const { ratio } = result;
  return ratio === undefined ? '' : `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`;
}

/** Writes three digits, for a fourth says nothing. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number(value.toPrecision(3)).toString();
}
