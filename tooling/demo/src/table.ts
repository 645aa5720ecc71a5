import type { Row } from './row.ts';

const titles = ['backend', 'role', 'peer', 'protocol', 'cipher suite', 'group', 'ALPN', 'status', 'time'] as const;

/** Writes the rows as text in columns, and below them why rows failed. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf);
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width));
  const failures = rows.flatMap(({ backend, role, peer, failure }) =>
    failure === undefined ? [] : [`FAILED ${backend} as ${role} with ${peer}: ${failure}`],
  );
  return [line(titles), line(rule), ...cells.map(line), ...failures].join('\n');
}

function cellsOf({ backend, role, peer, info, status, milliseconds, failure }: Row): readonly string[] {
  const shownStatus = failure === undefined ? String(status) : `FAILED${status === undefined ? '' : ` ${status}`}`;
  return [
    backend,
    role,
    peer,
    info?.protocol ?? '-',
    info?.cipherSuite ?? '-',
    info?.group ?? '-',
    info?.alpnProtocol ?? '-',
    shownStatus,
    `${milliseconds.toFixed(1)} ms`,
  ];
}
