import { expect, it } from 'vitest';
import { cases, type ConformanceCase, type Roles } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import { createBackend } from '@org/tls-pure';
import { bundle } from '../src/bundle.ts';
import { leftOut } from '../src/left-out.ts';
import { runKitIn } from '../src/run-in-process.ts';

const roles: Roles = { client: createBackend(), server: createBackend() };
const applying = (list: readonly ConformanceCase[]): readonly string[] =>
  list.filter((each) => each.applies?.(roles) !== false).map(({ id }) => id);

it.each(['bun', 'deno'] as const)(
  'in %s every case of the kit holds for tls-pure, as it does in Node',
  async (runtime) => {
    const reports = await runKitIn(runtime, 'default');
    expect(reports.failed).toEqual([]);
    expect(reports.all.map(({ id }) => id)).toEqual(applying([...cases, ...nodeCases]));
    const deviating = reports.all.filter(({ deviation }) => deviation !== undefined).map(({ id }) => id);
    expect(deviating.sort()).toEqual(Object.keys(leftOut[runtime]).sort());
  },
);

it('a page needs nothing of Node for tls-pure and the cases without sockets', async () => {
  expect((await bundle('page.js', 'browser')).imports).toEqual([]);
});

it('the cases with sockets are left out in a page, since they need what it does not have', async () => {
  const { imports } = await bundle('in-process.js', 'browser');
  expect(imports).toEqual(expect.arrayContaining(['node:net', 'node:tls']));
});
