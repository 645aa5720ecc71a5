import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const text = await readFile(join(docs, 'http-client-comparison.md'), 'utf8');

/** A cell that names the file and the test. */
const yes = /^\[yes\]\((?<file>\S+\.test\.ts) "(?<name>.+)"\)$/;

/** The feature and our cell of each row of the tables that have a column of ours. */
const rows = text.split(/^## /m).flatMap((section) => {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  if (lines[0]?.startsWith('| | @org/http-client |') !== true) return [];
  return lines.slice(2).map((line) => {
    const [feature = '', ours = '', ...others] = line.slice(1, -1).split(/ \| /);
    return { feature: feature.trim(), ours: ours.trim(), others };
  });
});

describe('the comparison of HTTP clients', () => {
  it('has rows, with a cell for each client', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { others } of rows) expect(others).toHaveLength(4);
  });

  it.each(rows.filter(({ ours }) => ours !== 'no'))('$feature: the test that proves it is there', async ({ ours }) => {
    expect(ours).toMatch(yes);
    const { file = '', name = '' } = yes.exec(ours)?.groups ?? {};
    expect(await readFile(join(docs, file), 'utf8')).toContain(name);
  });
});
