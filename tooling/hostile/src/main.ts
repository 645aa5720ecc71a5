import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isWithinLimits } from './limits.ts';
import { efforts } from './measure.ts';
import { measureRows, rowKeys, sampleOf, type Row, type RowKey } from './rows.ts';
import { markdownTable, withTable } from './table.ts';

/*
 * node dist/main.js [PART OF A ROW] [--json] [--write] [--quick] [--every N]
 *   --json   one row a line, for the tests
 *   --write  puts the table into docs/security.md
 *   --quick  measures less
 *   --every  measures one row of N
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    quick: { type: 'boolean' },
    every: { type: 'string', default: '1' },
  },
});
const [wanted = ''] = positionals;
const rows: Row[] = [];
const isWanted = ({ on, version, subject, attack }: RowKey): boolean =>
  `${on} ${version} ${subject} ${attack}`.includes(wanted);
const sample = sampleOf(rowKeys().filter(isWanted), Number(values.every)).map((key) => JSON.stringify(key));
const isInSample = (key: RowKey): boolean => sample.includes(JSON.stringify(key));
for await (const row of measureRows(values.quick === true ? efforts.quick : efforts.thorough, isInSample)) {
  rows.push(row);
  console.log(values.json === true ? JSON.stringify(row) : readable(row));
}
if (values.write === true) {
  const page = new URL('../../../docs/security.md', import.meta.url);
  await writeFile(page, withTable(await readFile(page, 'utf8'), markdownTable(rows)));
}

function readable(row: Row): string {
  const { ratio, held, bytes, on, version, subject, attack, code } = row;
  const verdict = isWithinLimits(row) ? '  ' : '! ';
  const figures = `${ratio.toFixed(1).padStart(7)} × ${(held / 1024).toFixed(0).padStart(6)} KiB ${bytes.toString().padStart(7)} B`;
  return `${verdict}${figures}  ${on} ${version} ${subject.padEnd(12)} ${attack}: ${code ?? 'waits'}`;
}
