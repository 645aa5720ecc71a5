import { expect, it } from 'vitest';
import { createBackend } from '@org/tls-pure';
import { withFastClock } from '../src/fast-clock.ts';
import { cases, runConformance, type CaseResult, type ConformanceCase, type ConformanceOptions } from '../src/index.ts';
import { nodeCases } from '../src/node/index.ts';
import { uncaughtDuring } from '../src/uncaught.ts';

const pure = { client: () => createBackend(), server: () => createBackend() };
const error = new Error('the promise is broken');
const holds: ConformanceCase = { id: 'a/holds', title: 'it holds', run: () => undefined };
const fails: ConformanceCase = { id: 'a/fails', title: 'it fails', run: () => Promise.reject(error) };

async function results(
  given: readonly ConformanceCase[],
  options: Partial<ConformanceOptions> = {},
): Promise<readonly Omit<CaseResult, 'milliseconds'>[]> {
  const all = [];
  for await (const { milliseconds, ...rest } of runConformance(given, { ...pure, ...options })) {
    expect(milliseconds).toBeGreaterThanOrEqual(0);
    all.push(rest);
  }
  return all;
}

it('gives the result of each case that applies, in order', async () => {
  const other: ConformanceCase = { ...holds, id: 'a/other', applies: () => false };
  expect(await results([holds, other, fails])).toEqual([
    { id: 'a/holds', title: 'it holds', isOk: true, deviation: undefined, error: undefined },
    { id: 'a/fails', title: 'it fails', isOk: false, deviation: undefined, error },
  ]);
});

it('a part of the cases is every so many of them, and all parts are the whole', async () => {
  const all = ['a/one', 'a/two', 'a/three', 'a/four', 'a/five'].map((id) => ({ ...holds, id }));
  const parts = await Promise.all([0, 1, 2].map((index) => results(all, { part: { index, of: 3 } })));
  expect(parts.map((part) => part.map(({ id }) => id))).toEqual([
    ['a/one', 'a/four'],
    ['a/two', 'a/five'],
    ['a/three'],
  ]);
});

it.each([
  { index: 3, of: 3 },
  { index: -1, of: 3 },
  { index: 0, of: 0 },
  { index: 0.5, of: 2 },
])('there is no part $index of $of', async (part) => {
  await expect(results([holds], { part })).rejects.toBeInstanceOf(TypeError);
});

it('a deviation must fail', async () => {
  const deviations = { 'a/holds': 'it was broken', 'a/fails': 'it is broken' };
  expect(await results([holds, fails], { deviations })).toEqual([
    { id: 'a/holds', title: 'it holds', isOk: false, deviation: 'it was broken', error: undefined },
    { id: 'a/fails', title: 'it fails', isOk: true, deviation: 'it is broken', error },
  ]);
});

it('a deviation that names no case is refused', async () => {
  await expect(results([holds], { deviations: { 'a/gone': 'nobody knows' } })).rejects.toThrow(TypeError);
});

it('a case that throws before it gives a Promise fails, and so does one that throws undefined', async () => {
  const throws = (thrown: unknown): ConformanceCase => ({
    ...holds,
    run: () => {
      throw thrown;
    },
  });
  expect((await results([throws(error), throws(undefined)])).map(({ isOk }) => isOk)).toEqual([false, false]);
});

it('what nothing catches while a case runs fails the case', async () => {
  const careless: ConformanceCase = {
    ...holds,
    run: () => {
      queueMicrotask(() => {
        throw error;
      });
    },
  };
  const floating: ConformanceCase = { ...holds, run: () => void Promise.reject(error) };
  expect(await results([careless, floating, holds])).toMatchObject([
    { isOk: false, error },
    { isOk: false, error },
    { isOk: true },
  ]);
});

it('the ids of all cases differ', () => {
  const ids = [...cases, ...nodeCases].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

it('what is uncaught goes to the innermost that waits for it', async () => {
  const throwLater = (): void =>
    queueMicrotask(() => {
      throw error;
    });
  let inner: readonly unknown[] = [];
  const outer = await uncaughtDuring(async () => {
    inner = await uncaughtDuring(() => Promise.resolve(throwLater()));
  });
  expect([inner, outer]).toEqual([[error], []]);
});

it('with a fast clock timers come in order, those that are cleared do not, and those that are left are counted', async () => {
  const came: string[] = [];
  const { result, timersLeft } = await withFastClock(async () => {
    setTimeout(() => came.push('late'), 2000);
    setTimeout((what: string) => came.push(what), 1500, 'early');
    clearTimeout(setTimeout(() => came.push('never'), 10));
    setTimeout(() => came.push('too late'), 1_000_000);
    await new Promise((resolve) => {
      setTimeout(resolve, 3000);
    });
    return 'done';
  }, 1000);
  expect([result, timersLeft, came]).toEqual(['done', 1, ['early', 'late']]);
});
