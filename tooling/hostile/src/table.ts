import { subjectNames } from './subject.ts';
import type { Row, RowKey } from './rows.ts';

/** The table in the page about security stands between these lines. */
export const markers = ['<!-- costs: made by `pnpm --filter @org/hostile costs` -->', '<!-- end of costs -->'] as const;

/** Writes the beginning of a row's line, which says what the row is about. */
export function lineStart({ on, version, attack }: Pick<RowKey, 'on' | 'version' | 'attack'>): string {
  return `| ${on} | ${version.slice(-3)} | ${attack} |`;
}

/** Writes the ratio and the held memory of each backend, with one line for each attack, role and version. */
export function markdownTable(rows: readonly Row[]): string {
  const head = ['under attack', 'TLS', 'attack', 'bytes', ...subjectNames];
  const lines = [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`];
  for (const start of new Set(rows.map(lineStart))) {
    const own = rows.filter((row) => lineStart(row) === start);
    const bytes = Math.round(Math.max(...own.map((row) => row.bytes)) / 1024);
    const cells = subjectNames.map((subject) => cell(own.find((row) => row.subject === subject)));
    lines.push(`${start} ${bytes} KiB | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function cell(row: Row | undefined): string {
  if (row === undefined) return '–';
  return `${row.ratio < 0.1 ? '< 0.1' : row.ratio.toFixed(1)} × ${Math.round(row.held / 1024)} KiB`;
}

/** @throws RangeError when the page has no place for the table */
export function withTable(page: string, table: string): string {
  const [begin, end] = markers;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new RangeError('the page lacks the markers of the table');
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
