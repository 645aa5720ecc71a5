import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileMarkers, filesTable } from './files/files-table.ts';
import { isCheapEnough, measureFiles, type FileCost } from './files/measure-files.ts';
import { isWithinLimits } from './limits.ts';
import { withTable } from './markdown-section.ts';
import { efforts } from './measure.ts';
import { measureRows, rowKeys, sampleOf, type Row, type RowKey } from './rows.ts';
import { markdownTable, markers } from './table.ts';

/*
 * node dist/main.js [PART OF A ROW] [--json] [--write] [--quick] [--every N] [--files]
 *   --json   one row a line, for the tests
 *   --write  puts the tables into docs/security.md
 *   --quick  measures less
 *   --every  measures one row of N
 *   --files  measures files alone; with --write they are measured anyway
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    quick: { type: 'boolean' },
    every: { type: 'string', default: '1' },
    files: { type: 'boolean' },
  },
});
const [wanted = ''] = positionals;
const isQuick = values.quick === true;
const rows: Row[] = [];
const files: FileCost[] = [];
const isWanted = ({ on, version, subject, attack }: RowKey): boolean =>
  `${on} ${version} ${subject} ${attack}`.includes(wanted);
if (values.files !== true) {
  const sample = sampleOf(rowKeys().filter(isWanted), Number(values.every)).map((key) => JSON.stringify(key));
  const isInSample = (key: RowKey): boolean => sample.includes(JSON.stringify(key));
  for await (const row of measureRows(isQuick ? efforts.quick : efforts.thorough, isInSample)) {
    rows.push(row);
    console.log(values.json === true ? JSON.stringify(row) : readable(row));
  }
}
if (values.files === true || values.write === true) {
  for await (const file of measureFiles(isQuick ? 3 : 15)) {
    files.push(file);
    console.log(values.json === true ? JSON.stringify(file) : readableFile(file));
  }
}
if (values.write === true) {
  const page = new URL('../../../docs/security.md', import.meta.url);
  const before = await readFile(page, 'utf8');
  const text = values.files === true ? before : withTable(before, markdownTable(rows), markers);
  await writeFile(page, withTable(text, filesTable(files), fileMarkers));
}

function readableFile(file: FileCost): string {
  const verdict = isCheapEnough(file) ? '  ' : '! ';
  const figures = `${file.ratio.toFixed(1).padStart(7)} × ${file.bytes.toString().padStart(7)} B`;
  return `${verdict}${figures}  ${file.name}: ${file.code ?? 'read'}`;
}

function readable(row: Row): string {
  const { ratio, held, bytes, on, version, subject, attack, code } = row;
  const verdict = isWithinLimits(row) ? '  ' : '! ';
  const figures = `${ratio.toFixed(1).padStart(7)} × ${(held / 1024).toFixed(0).padStart(6)} KiB ${bytes.toString().padStart(7)} B`;
  return `${verdict}${figures}  ${on} ${version} ${subject.padEnd(12)} ${attack}: ${code ?? 'waits'}`;
}
