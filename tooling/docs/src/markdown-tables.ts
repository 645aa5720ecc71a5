/** A row of a table: its cells, without what is around them. */
export type TableRow = readonly string[];

/**
 * The rows of all tables below a heading, up to the next heading of the same or a higher level, without the rows of heads.
 * @param heading as it stands in the page, e.g. `## Protocols`
 * @throws Error when the page has no such heading, or no table below it
 */
export function tableRowsBelow(page: string, heading: string): readonly TableRow[] {
  const lines = page.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`no heading ${heading}`);
  const level = heading.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
  const section = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  const rows = section.filter((line, index) => isRow(line) && !isRule(line) && !isRule(section[index + 1] ?? ''));
  if (rows.length === 0) throw new Error(`no table below ${heading}`);
  return rows.map((line) =>
    line
      .slice(1, -1)
      .split(unescapedBar)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks. */
export function codeIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

const unescapedBar = /(?<!\\)\|/;

function isRow(line: string): boolean {
  return line.startsWith('|') && line.endsWith('|');
}

function isRule(line: string): boolean {
  return /^\|(?: ?:?-+:? ?\|)+$/.test(line);
}
