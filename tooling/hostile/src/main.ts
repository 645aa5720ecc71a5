import process from 'node:process';
import { measureRows } from './rows.ts';

const [, , wanted = ''] = process.argv;
for await (const row of measureRows(({ attack, on, version, subject }) => `${attack} ${on} ${version} ${subject}`.includes(wanted))) {
  console.log(
    `${row.ratio.toFixed(1).padStart(7)} ${(row.held / 1024).toFixed(0).padStart(6)} KiB ${row.bytes.toString().padStart(6)} ${row.on} ${row.version} ${row.subject.padEnd(12)} ${row.attack}: ${row.code ?? 'waits'}`,
  );
}
