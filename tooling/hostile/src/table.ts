import type { Markers } from './markdown-section.ts';
import { subjectNames } from './subject.ts';
import type { Row, RowKey } from './rows.ts';

/** The table in the page about security stands between these lines. */
export const markers: Markers = ['<!-- costs: made by `pnpm --filter @org/hostile costs` -->', '<!-- end of costs -->'];

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
