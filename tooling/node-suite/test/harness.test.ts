import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resultsFile, writeResults } from '../src/results.ts';
import { subjectNamed } from '../src/subjects.ts';
import { outcomeOf, runTest } from '../src/run-test.ts';
import { shareOf, surprises, verdictOn } from '../src/score.ts';
import { runTests } from '../src/suite-run.ts';
import { faultsOf, knownNodes, readTable, unknownNames, type Table } from '../src/table.ts';
import { digestOf, flagsOf, readTests, type TestFile } from '../src/test-file.ts';

const folder = `${import.meta.dirname}/..`;
const scratch = mkdtempSync(join(tmpdir(), 'node-suite-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The backends over which the suite itself runs: none where nobody says where it is. */
const askedFor = process.env['NODE_SUITE'] === undefined ? [] : ['pure', 'native'];

const site = { node: process.execPath, scratch, env: {}, timeLimit: 60_000 };
const passed = { kind: 'passed' } as const;
const failed = { kind: 'failed', reason: 'Error: no', output: '' } as const;
const table: Table = {
  suite: { repository: 'https://example.org/tests', commit: 'c0ffee', node: '20.11.1' },
  notApplicable: [{ reason: 'it reads internals', evidence: '_handle', tests: ['test-tls-inside'] }],
  failing: { pure: { 'test-tls-slow': 'it is slow' }, native: {} },
};

function testFile(name: string, source: string): TestFile {
  const path = join(scratch, `${name}.js`);
  writeFileSync(path, source);
  return { name, path, source, flags: flagsOf(source) };
}

describe('reading tests', () => {
  it('takes the flags of every line that has some', () => {
    const source = '// Flags: --expose-gc --no-warnings\n// Flags:  --tls-min-v1.3\nconst text = "// Flags: --no";\n';
    expect(flagsOf(source)).toEqual(['--expose-gc', '--no-warnings', '--tls-min-v1.3']);
    expect(flagsOf("'use strict';\n")).toEqual([]);
  });

  it('takes a family by the beginning of its names, in their order', () => {
    const suite = join(scratch, 'suite');
    mkdirSync(join(suite, 'parallel'), { recursive: true });
    for (const file of ['test-tls-b.js', 'test-tls-a.mjs', 'test-tls-c.txt', 'test-net-a.js']) {
      writeFileSync(join(suite, 'parallel', file), `// ${file}`);
    }
    const tests = readTests(suite, 'test-tls-');
    expect(tests.map(({ name }) => name)).toEqual(['test-tls-a', 'test-tls-b']);
    expect(digestOf(tests)).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(tests)).not.toBe(digestOf(tests.slice(1)));
  });
});

describe('running a test', () => {
  it('passes the flags on, and names a failure by its error', async () => {
    const gc = testFile(
      'gc',
      "// Flags: --expose-gc\nrequire('assert').strictEqual(typeof globalThis.gc, 'function');",
    );
    const wrong = testFile('wrong', "require('assert').strictEqual(1, 2);");
    expect(await runTest(gc, site, 0)).toEqual(passed);
    expect(await runTest(wrong, site, 0)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('AssertionError'),
    });
  });

  it('does not count a test that ran without the package', async () => {
    const quiet = testFile('quiet', '');
    expect(await runTest(quiet, { ...site, announcement: 'I am here' }, 0)).toMatchObject({ kind: 'failed' });
    const speaking = testFile('speaking', "console.error('I am here');");
    expect(await runTest(speaking, { ...site, announcement: 'I am here' }, 0)).toEqual(passed);
  });

  it('ends a test that hangs, with what it started', async () => {
    const child =
      "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });";
    const test = testFile('hanging', `${child} setInterval(() => {}, 1000);`);
    expect(await runTest(test, { ...site, timeLimit: 500 }, 0)).toMatchObject({
      kind: 'failed',
      reason: 'ended with time limit',
    });
  });

  it('runs a test that failed beside others again, alone', async () => {
    const mark = join(scratch, 'second-run');
    const source = `const fs = require('fs'); if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); process.exit(1); }`;
    const outcomes = await runTests(
      [testFile('shy', source), testFile('good', ''), testFile('bad', 'process.exit(3);')],
      site,
      2,
    );
    expect(Object.fromEntries(outcomes)).toMatchObject({
      bad: { kind: 'failed' },
      good: passed,
      shy: passed,
    });
  });

  it('does not take a test that skipped itself for one that passed', () => {
    expect(outcomeOf('0', '1..0 # Skipped: missing crypto.\n')).toEqual({ kind: 'skipped', reason: 'missing crypto' });
    expect(outcomeOf('0', 'done\n')).toEqual(passed);
    expect(outcomeOf('SIGSEGV', '')).toMatchObject({ kind: 'failed', reason: 'ended with SIGSEGV' });
  });
});

describe('the score', () => {
  const ask = { table, backend: 'pure', baseline: passed, outcome: passed };
  const plain = testFile('test-tls-plain', '');
  const slow = testFile('test-tls-slow', '');
  const inside = testFile('test-tls-inside', 'socket._handle.close();');

  it('counts a test as not applicable by the table, or because node:tls itself does not pass it', () => {
    const skipped = { kind: 'skipped', reason: 'no IPv6' } as const;
    expect(verdictOn(inside, { ...ask, outcome: undefined })).toMatchObject({ reason: 'it reads internals' });
    expect(verdictOn(plain, { ...ask, baseline: failed })).toMatchObject({ kind: 'not applicable' });
    expect(verdictOn(plain, { ...ask, baseline: skipped })).toMatchObject({
      reason: 'over node:tls itself it skips itself here (no IPv6)',
    });
  });

  it('counts a test that skips itself over the package only as failed', () => {
    expect(verdictOn(plain, { ...ask, outcome: { kind: 'skipped', reason: 'no' } })).toMatchObject({ kind: 'failed' });
  });

  it('wants a cause for each failure, and a failure for each cause', () => {
    const verdicts = [verdictOn(plain, { ...ask, outcome: failed }), verdictOn(slow, ask)];
    expect(surprises(verdicts, table, 'pure')).toEqual([
      'fails, and has no cause: test-tls-plain',
      'passes, and is said to fail: test-tls-slow',
    ]);
    expect(surprises([verdictOn(slow, { ...ask, outcome: failed })], table, 'pure')).toEqual([]);
  });

  it('is the share of the applicable tests, rounded down', () => {
    const verdicts = [
      verdictOn(plain, ask),
      verdictOn(plain, ask),
      verdictOn(slow, { ...ask, outcome: failed }),
      verdictOn(inside, ask),
    ];
    expect(shareOf(verdicts)).toBe('66.6 %');
    writeResults({ folder: scratch, subject: subjectNamed('pure'), table, node: 'Node 20' }, [
      { prefix: 'test-tls-', digest: 'd', verdicts, baselinePassed: 4, seconds: 1 },
    ]);
    const page = readFileSync(join(scratch, 'RESULTS.node20.pure.md'), 'utf8');
    expect(page).toContain('passed of the applicable: 66.6 %');
    expect(page).toContain('- `test-tls-slow`: it is slow');
    expect(page).toContain('- 1: it reads internals: `test-tls-inside`');
  });
});

describe('the table', () => {
  it('refuses a reason that the test’s source does not show, and a test that stands twice', () => {
    const tests = [testFile('test-tls-inside', 'nothing of the kind')];
    const twice: Table = {
      ...table,
      failing: { pure: { 'test-tls-inside': 'also' } },
      notApplicable: [...table.notApplicable, { reason: 'other', evidence: '.', tests: ['test-tls-inside'] }],
    };
    expect(faultsOf(table, tests)).toEqual(['test-tls-inside: its source does not show that it reads internals']);
    expect(faultsOf(twice, tests)).toEqual([
      'test-tls-inside: stands under two reasons',
      'test-tls-inside: its source does not show that it reads internals',
      'test-tls-inside: is said to fail and not to apply',
    ]);
    expect(unknownNames(table, tests)).toEqual(['test-tls-slow']);
  });

  it('of this project is without a fault, for each version of Node', () => {
    const nodes = knownNodes(folder);
    expect(nodes).toContain('20');
    for (const major of nodes) expect(faultsOf(readTable(folder, major), [])).toEqual([]);
    expect(() => readTable(folder, '4')).toThrow(/Node 4/);
  });

  it('agrees with the pages of results', () => {
    const pages = readdirSync(folder).flatMap((file) => {
      const [, major, name] = /^RESULTS\.node(\d+)\.([a-z-]+)\.md$/.exec(file) ?? [];
      return major === undefined || name === undefined ? [] : [{ file, major, subject: subjectNamed(name) }];
    });
    for (const major of knownNodes(folder)) {
      const ours = readTable(folder, major);
      const expected = Object.keys(ours.failing).map((backend) => resultsFile(ours, backend));
      expect(pages.map(({ file }) => file)).toEqual(expect.arrayContaining(expected));
    }
    for (const { file, major, subject } of pages) {
      const { suite, failing, notApplicable } = readTable(folder, major);
      const page = readFileSync(join(folder, file), 'utf8');
      expect(page).toContain(suite.commit);
      for (const [name, cause] of Object.entries(failing[subject.backend] ?? {}))
        expect(page).toContain(`- \`${name}\`: ${cause}`);
      for (const { reason } of notApplicable) expect(page).toContain(reason);
    }
  });

  it.each(askedFor)('foresees how the suite itself comes out over %s', (backend) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist', 'main.js')], {
      encoding: 'utf8',
      env: { ...process.env, NODE_SUITE_BACKEND: backend },
    });
    expect({ status, output: stdout + stderr }).toMatchObject({ status: 0 });
  });
});
