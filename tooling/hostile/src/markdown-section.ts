/** The lines of a page between which a table stands. */
export type Markers = readonly [begin: string, end: string];

/**
 * Puts a table between the markers of a page.
 * @throws RangeError when the page has no place for the table
 */
export function withTable(page: string, table: string, [begin, end]: Markers): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new RangeError('the page lacks the markers of the table');
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
