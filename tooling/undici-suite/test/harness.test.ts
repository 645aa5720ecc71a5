import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot } from '@org/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layOut } from '../src/layout.ts';
import { runFile, runFiles, type FileOutcome, type Site } from '../src/run-files.ts';
import { surprises, verdictsOn } from '../src/score.ts';
import { backends, seams, wholeFile } from '../src/table.ts';
import { announcements, under } from '../src/subjects.ts';

const scratch = mkdtempSync(join(tmpdir(), 'undici-suite-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folder = join(scratch, 'undici');
let site: Site;

beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const checkout = join(scratch, 'checkout');
  cpSync(join(import.meta.dirname, 'sample'), checkout, { recursive: true });
  mkdirSync(join(checkout, 'node_modules'));
  layOut(checkout, folder);
  const env = { ...under('undici'), CERT: leaf.chainPem, KEY: leaf.privateKeyPem, CA: root.certificatePem };
  site = { node: process.execPath, folder, scratch, env, timeLimit: () => 60_000 };
});

/** Writes a file of tests beside the sample. */
function write(name: string, source: string): string {
  writeFileSync(join(folder, 'test', name), source);
  return name;
}

const kindsOf = ({ tests }: FileOutcome): object =>
  Object.fromEntries([...tests].map(([name, { kind }]) => [name, kind]));

describe('a run', () => {
  const overTls = {
    'a client > speaks HTTP/1.1': 'passed',
    'a client > speaks HTTP/2': 'passed',
    'a client > trusts nobody unasked': 'passed',
    'a client > trusts anybody where it is told so': 'passed',
    'a pool resumes sessions': 'passed',
    'what is skipped says nothing': 'skipped',
  };

  it('over undici’s own connector counts connections, and names each test by where it stands', async () => {
    const outcome = await runFile('over-tls.mjs', site, 0);
    expect(kindsOf(outcome)).toEqual({ ...overTls, 'nothing is hidden from a test that fails': 'passed' });
    expect(outcome).toMatchObject({ end: '0', connections: 6 });
  });

  describe.each(backends)('over %s', (backend) => {
    it.each(seams)('by %s has our TLS below undici', async (by) => {
      const place = { ...site, env: { ...site.env, ...under(by, backend) }, announcement: announcements[by] };
      const outcome = await runFile('over-tls.mjs', place, 0);
      expect(kindsOf(outcome)).toEqual({ ...overTls, 'nothing is hidden from a test that fails': 'failed' });
      expect(outcome.tests.get('nothing is hidden from a test that fails')?.reason).toContain('ERR_ASSERTION');
      expect(outcome).toMatchObject({ end: '1', connections: 6 });
    });
  });

  it('counts nothing where the subject is not in its place', async () => {
    const file = write('quiet.js', "require('node:test').test('passes', () => {});");
    const outcome = await runFile(file, { ...site, announcement: 'I am here' }, 0);
    expect(outcome).toMatchObject({ end: 'the subject was not in its place', tests: new Map() });
  });

  it('ends a file that hangs', async () => {
    const source =
      "const { test } = require('node:test'); test('ends', () => {}); test('hangs', () => new Promise(() => setInterval(() => {}, 1000)));";
    const outcome = await runFile(write('hanging.js', source), { ...site, timeLimit: () => 3000 }, 0);
    expect(outcome.end).toBe('time limit');
    expect(outcome.tests.get('hangs')).toBeUndefined();
  });

  it('tells tests of one name apart, and asks a file that surprises once more', async () => {
    const mark = JSON.stringify(join(scratch, 'second-run'));
    const shy = write(
      'shy.js',
      `const fs = require('fs'); const { test } = require('node:test'); test('same', () => {}); test('same', () => { if (!fs.existsSync(${mark})) { fs.writeFileSync(${mark}, ''); throw new Error('not yet'); } });`,
    );
    const outcomes = await runFiles([shy], site, 2, (_file, { end }) => end !== '0');
    expect(kindsOf(outcomes.get(shy) as FileOutcome)).toEqual({ same: 'passed', 'same (2)': 'passed' });
  });
});

describe('the score', () => {
  const outcome = (end: string, kinds: Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>): FileOutcome => ({
    end,
    tests: new Map(Object.entries(kinds).map(([name, kind]) => [name, { name, kind }])),
    connections: 1,
    time: 1,
    output: '',
  });
  const judge = (own: FileOutcome, ours: FileOutcome, reasons: Readonly<Record<string, string>> = {}) =>
    verdictsOn('a.js', { own, ours, reasons: new Map(Object.entries(reasons)) });

  it('counts a test only where undici’s own connector passes it', () => {
    const own = outcome('1', { good: 'passed', bad: 'failed', no: 'skipped' });
    expect(judge(own, outcome('0', { good: 'passed', bad: 'passed' }))).toEqual([
      { kind: 'passed', test: 'a.js: good' },
      { kind: 'not counted', test: 'a.js: bad' },
      { kind: 'not counted', test: 'a.js: no' },
    ]);
  });

  it('finds a test that fails, is skipped, or is never reported over our TLS', () => {
    const own = outcome('0', { fails: 'passed', skips: 'passed', hangs: 'passed' });
    const verdicts = judge(own, outcome('time limit', { fails: 'failed', skips: 'skipped' }), { 'a.js: fails': 'why' });
    expect(verdicts).toEqual([
      { kind: 'differs', test: 'a.js: fails', reason: 'why', seen: 'failed' },
      { kind: 'differs', test: 'a.js: skips', reason: undefined, seen: 'skipped' },
      { kind: 'differs', test: 'a.js: hangs', reason: undefined, seen: 'it did not end: time limit' },
    ]);
  });

  it('finds a process that does not end well although its tests pass', () => {
    const own = outcome('0', { good: 'passed' });
    expect(judge(own, outcome('time limit', { good: 'passed' })).at(-1)).toMatchObject({
      kind: 'differs',
      test: `a.js: ${wholeFile}`,
    });
    expect(judge(outcome('0', {}), outcome('0', {}))).toEqual([{ kind: 'passed', test: `a.js: ${wholeFile}` }]);
    expect(judge(outcome('1', {}), outcome('0', {}))).toEqual([{ kind: 'not counted', test: `a.js: ${wholeFile}` }]);
  });

  it('wants a reason for each difference, and a difference for each reason', () => {
    const verdicts = judge(outcome('0', { a: 'passed', b: 'passed' }), outcome('1', { a: 'failed', b: 'passed' }));
    expect(
      surprises(
        verdicts,
        new Map([
          ['a.js: b', 'why'],
          ['a.js: c', 'why'],
        ]),
      ),
    ).toEqual([
      'differs, and has no reason: a.js: a (failed)',
      'passes, and is said to differ: a.js: b',
      'is not in the suite: a.js: c',
    ]);
    const both = new Map(['b', 'c'].map((name) => [`a.js: ${name}`, 'a race'] as const));
    expect(surprises(verdicts, both, new Set(both.keys()))).toEqual([
      'differs, and has no reason: a.js: a (failed)',
      'is not in the suite: a.js: c',
    ]);
  });
});
