import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lines } from '../src/other-nodes.mjs';
import { readRuns, runTable } from '../src/runs.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const page = join(root, 'docs', 'runtimes.md');
const [begin, end] = ['<!-- runs: made by tooling/node-matrix -->', '<!-- /runs -->'];
const runs = readRuns();

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The version that a package of the workspace pins, without the name of what it stands for. */
function pinned(folder: string, name: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  const range = { ...manifest.dependencies, ...manifest.devDependencies }[name] ?? '';
  return range.replace(/^.*@/, '');
}

it('the table of docs/runtimes.md says what was run where; UPDATE_DOCS=1 writes it', () => {
  const text = readFileSync(page, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  expect(after).toBeDefined();
  const expected = `${before}${begin}\n\n${runTable(runs)}\n\n${end}${after}`;
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, expected);
  expect(readFileSync(page, 'utf8')).toBe(expected);
});

it('the kit has been run on every runtime, at the version that is pinned', () => {
  const ofKit = runs
    .filter(({ what }) => what === 'the kit over tls-pure')
    .map(({ where }) => where.replace(/, .*/, ''));
  const [oldest = '', ...others] = ofKit.filter((where) => where.startsWith('Node '));
  expect(oldest).toMatch(new RegExp(`^Node ${lines[0]}\\.\\d+\\.\\d+$`));
  expect(others).toEqual(lines.slice(1).map((line) => `Node ${pinned('tooling/node-matrix', `node-${line}`)}`));
  for (const [title, name] of [
    ['Bun', 'bun'],
    ['Deno', 'deno'],
  ] as const)
    expect(ofKit).toContain(`${title} ${pinned('tooling/runtimes', name)}`);
  expect(ofKit.filter((where) => where.startsWith('Chromium '))).toHaveLength(1);
});

it('a row about Node is about a version that is supported, and pinned if another than the oldest', () => {
  const versions = runs.flatMap(({ where }) => /^Node (\S+), OpenSSL 3\.\d+\.\d+$/.exec(where)?.[1] ?? []);
  expect(versions).toHaveLength(runs.filter(({ where }) => where.startsWith('Node ')).length);
  const known = lines.slice(1).map((line) => pinned('tooling/node-matrix', `node-${line}`));
  expect(versions.filter((version) => !version.startsWith(`${lines[0]}.`) && !known.includes(version))).toEqual([]);
});

it('a row tells of a run that ran something and in which nothing failed', () => {
  expect(runs.filter(({ passed, failed, seconds }) => !(passed > 0 && failed === 0 && seconds > 0))).toEqual([]);
});
