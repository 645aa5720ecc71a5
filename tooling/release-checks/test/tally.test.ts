import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ci = join(import.meta.dirname, '..', '..', '..', '.ci');
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tally-'));
  write('packages/first/package.json', { scripts: { test: 'vitest run' } });
  write('packages/untested/package.json', {});
  for (const folder of ['apps', 'tooling']) mkdirSync(join(root, folder));
  mkdirSync(join(root, '.ci'));
  for (const name of ['tally.mjs', 'report-counts.mjs']) cpSync(join(ci, name), join(root, '.ci', name));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content: object): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), JSON.stringify(content));
}

function report(name: string, passed: number, failed: number, pending = 0, testResults: readonly object[] = []): void {
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending, numTodoTests: 0 };
  write(`.reports/${name}.json`, { ...counts, testResults });
}

function result(...failedSteps: readonly string[]): {
  readonly line: string | undefined;
  readonly status: number | null;
} {
  const args = [join(root, '.ci', 'tally.mjs'), ...failedSteps];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { line: stdout.trimEnd().split('\n').at(-1), status };
}

describe('the tally of a CI run', () => {
  it('fails when a package left no report', () => {
    expect(result()).toEqual({ line: '0 passed, 1 failed, 0 skipped', status: 1 });
  });

  it('fails when a package ran no test', () => {
    report('first', 0, 0, 3);
    expect(result()).toEqual({ line: '0 passed, 1 failed, 3 skipped', status: 1 });
  });

  it('counts failed tests once, and not the step that ran them', () => {
    report('first', 5, 2);
    expect(result('tests')).toEqual({ line: '5 passed, 2 failed, 0 skipped', status: 1 });
  });

  it('counts a test step that failed although no test did', () => {
    report('first', 5, 0);
    expect(result('tests')).toEqual({ line: '5 passed, 1 failed, 0 skipped', status: 1 });
  });

  it('counts every other failed step', () => {
    report('first', 5, 1);
    expect(result('tests', 'lint', 'format')).toEqual({ line: '5 passed, 3 failed, 0 skipped', status: 1 });
  });

  it('counts a file that broke before its first test', () => {
    report('first', 5, 0, 0, [{ status: 'failed', assertionResults: [] }]);
    expect(result('tests')).toEqual({ line: '5 passed, 1 failed, 0 skipped', status: 1 });
  });

  it('adds up packages and succeeds when nothing failed', () => {
    write('tooling/second/package.json', { scripts: { test: 'vitest run' } });
    report('first', 5, 0, 1);
    report('second', 7, 0);
    expect(result()).toEqual({ line: '12 passed, 0 failed, 1 skipped', status: 0 });
  });
});
