import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cases, type ConformanceCase, type Roles } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import { providerCases } from '@org/tls-crypto/test';
import { createBackend } from '@org/tls-pure';
import { bundle } from '../src/bundle.ts';
import { leftOut } from '../src/left-out.ts';
import type { Reports } from '../src/reports.ts';
import { runCryptoIn, runKitIn } from '../src/run-in-process.ts';

const roles: Roles = { client: createBackend(), server: createBackend() };
const applying = (list: readonly ConformanceCase[]): readonly string[] =>
  list.filter((each) => each.applies?.(roles) !== false).map(({ id }) => id);
const ofCrypto = ['node', 'noble', 'web'].flatMap((provider) => providerCases.map(({ id }) => `${provider}/${id}`));
const runtimes = ['bun', 'deno'] as const;

function expectAll(runtime: (typeof runtimes)[number], { all, failed, isComplete }: Reports, ids: readonly string[]) {
  expect(failed).toEqual([]);
  expect(isComplete).toBe(true);
  expect(all.map(({ id }) => id)).toEqual(ids);
  const deviating = all.filter(({ deviation }) => deviation !== undefined).map(({ id }) => id);
  expect(deviating).toEqual(ids.filter((id) => Object.hasOwn(leftOut[runtime], id)));
}

it.each(runtimes)('in %s every case of the kit holds for tls-pure, as it does in Node', async (runtime) => {
  const reports = await runKitIn(runtime, 'default');
  expectAll(runtime, reports, applying([...cases, ...nodeCases]));
});

it.each(runtimes)(
  'in %s the default provider, noble and WebCrypto do what every crypto provider promises',
  async (runtime) => {
    const reports = await runCryptoIn(runtime);
    expectAll(runtime, reports, ofCrypto);
  },
);

it('every row of the table of what is left out is about a case', () => {
  const ids = [...applying([...cases, ...nodeCases]), ...ofCrypto];
  for (const rows of Object.values(leftOut)) for (const id of Object.keys(rows)) expect(ids).toContain(id);
});

it('docs/runtimes.md says how many cases run in each runtime', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'runtimes.md'), 'utf8');
  const rows = [
    ...text.matchAll(/^\| (Node|Bun|Deno|Chromium) [\d.]+[^|]*\| ([\d,]*\d)[^|]*\| (none|[\d,]*\d)[^|]*\| (\d+) for/gm),
  ];
  const count = (list: readonly ConformanceCase[]): string => applying(list).length.toLocaleString('en');
  const counts = [count(cases), count(nodeCases), String(providerCases.length)];
  expect(rows.map((row) => row.slice(1))).toEqual([
    ['Node', ...counts],
    ['Bun', ...counts],
    ['Deno', ...counts],
    ['Chromium', counts[0], 'none', counts[2]],
  ]);
});

it('a page needs nothing of Node for tls-pure and the cases without sockets', async () => {
  expect((await bundle('page.js', 'browser')).imports).toEqual([]);
});

it('the cases with sockets are left out in a page, since they need what it does not have', async () => {
  const { imports } = await bundle('in-process.js', 'browser');
  expect(imports).toEqual(expect.arrayContaining(['node:net', 'node:tls']));
});
