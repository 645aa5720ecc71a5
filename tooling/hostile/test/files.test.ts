import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileLineStart, fileMarkers } from '../src/files/files-table.ts';
import { mostBytes } from '../src/files/hostile-files.ts';
import { isCheapEnough, type FileCost } from '../src/files/measure-files.ts';

/** In a process of its own and from the build: as it is what a program runs, and nothing else takes part. */
const main = join(import.meta.dirname, '..', 'dist', 'main.js');
const lines = execFileSync(process.execPath, [main, '--files', '--json', '--quick'], { encoding: 'utf8' });
const files = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as FileCost);
const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'security.md'), 'utf8');
const table = page.slice(page.indexOf(fileMarkers[0]), page.indexOf(fileMarkers[1]));

describe('a file of 100 KB at most does not hold up the event loop', () => {
  it.each(files)('$name', (file) => {
    expect(file.bytes).toBeLessThanOrEqual(mostBytes);
    expect(file).toSatisfy(isCheapEnough);
    expect(table).toContain(`\n${fileLineStart(file.name)}`);
  });
});
