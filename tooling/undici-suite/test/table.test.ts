import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import { resultsFile } from '../src/results.ts';
import {
  backends,
  faultsOf,
  filesOf,
  forgottenFiles,
  racesIn,
  readTable,
  reasonsFor,
  seams,
  type Subject,
  type Table,
} from '../src/table.ts';

const folder = join(import.meta.dirname, '..');
const table = readTable(folder);
const majors = ['20', '24'];
const subjects: readonly Subject[] = majors.flatMap((node) =>
  backends.flatMap((backend) => seams.map((by) => ({ by, backend, node }))),
);

const scratch = mkdtempSync(join(tmpdir(), 'undici-suite-table-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the table of this project', () => {
  it('is for the undici that the HTTP client has', () => {
    const { version } = createRequire(import.meta.url)('undici/package.json') as { readonly version: string };
    expect(table.suite.undici).toBe(version);
  });

  it.each(subjects)('has one reason a test for $by over $backend on Node $node', (subject) => {
    expect(faultsOf(table, subject)).toEqual([]);
  });

  it.each(subjects)('agrees with the page of results for $by over $backend on Node $node', (subject) => {
    const page = readFileSync(join(folder, resultsFile({ backend: subject.backend, major: subject.node })), 'utf8');
    const [, connector = '', nodeTls = ''] = page.split(/^## /m);
    const section = subject.by === 'connector' ? connector : nodeTls;
    expect(page).toContain(table.suite.commit);
    expect(page).not.toContain('no reason is given');
    for (const [test, reason] of reasonsFor(table, subject)) {
      if (racesIn(table).has(test)) continue; // the page has the run in which it was written
      expect(section).toContain(`  - \`${test}\``);
      expect(section).toContain(`- ${reason}:`);
    }
  });
});

describe('a table', () => {
  const suite = { repository: 'https://example.org/undici', commit: 'c0ffee', undici: '1.0.0' };
  const subject: Subject = { by: 'connector', backend: 'pure', node: '20' };

  it('gives a subject the reasons that are about it', () => {
    const made: Table = {
      suite,
      families: [],
      differing: [
        { reason: 'for all', tests: ['a.js: x'] },
        { reason: 'for pure', where: { backend: 'pure' }, tests: ['a.js: y'] },
        { reason: 'for native', where: { backend: 'native', by: 'connector' }, tests: ['a.js: z'] },
        { reason: 'once more', where: { node: '20' }, tests: ['a.js: x'] },
        { reason: 'a race', where: { node: '22' }, isRace: true, tests: ['a.js: r'] },
      ],
    };
    expect([...racesIn(made)]).toEqual(['a.js: r']);
    expect([...reasonsFor(made, subject).keys()]).toEqual(['a.js: x', 'a.js: y']);
    expect(faultsOf(made, subject)).toEqual(['a.js: x: has two reasons']);
    expect(faultsOf(made, { ...subject, node: '24' })).toEqual([]);
  });

  it('finds the files of a family by their names, and those that say something of TLS and stand in none', () => {
    const tests = join(scratch, 'test');
    for (const name of ['fetch', 'utils']) mkdirSync(join(tests, name), { recursive: true });
    for (const name of ['http2-a.js', 'http2-b.mjs', 'plain.js', 'notes.md', 'fetch/https.js', 'utils/https.js']) {
      writeFileSync(join(tests, name), name === 'plain.js' ? '' : "require('node:https');");
    }
    const family = { name: 'HTTP/2', files: ['http2-*'] };
    expect(filesOf(family, tests)).toEqual(['http2-a.js', 'http2-b.mjs']);
    expect(() => filesOf({ name: 'none', files: ['socks-*.js'] }, tests)).toThrow(/socks-/);
    expect(forgottenFiles({ suite, families: [family], differing: [] }, tests)).toEqual(['fetch/https.js']);
  });
});
