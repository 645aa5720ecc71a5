import { expect, it } from 'vitest';
import { createTally, StepFailed } from '../src/tally.mjs';

function tallyOf(): { readonly tally: ReturnType<typeof createTally>; readonly lines: string[] } {
  const lines: string[] = [];
  return { tally: createTally((line: string) => void lines.push(line)), lines };
}

it('fails a check that throws, that gives no list, and that finds a fault', async () => {
  const { tally, lines } = tallyOf();
  await tally.check('throws', () => {
    throw new Error('it broke');
  });
  await tally.check('gives nothing', () => undefined);
  await tally.check('finds', async () => ['one', 'two']);
  expect(tally.finish()).toBe(false);
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    'FAILED  throws',
    'FAILED  gives nothing',
    'FAILED  finds',
    '0 passed, 3 failed',
  ]);
  expect(lines).toContain('        it broke');
});

it('fails when nothing was checked', () => {
  const { tally, lines } = tallyOf();
  expect(tally.finish()).toBe(false);
  expect(lines).toEqual(['0 passed, 0 failed']);
});

it('ends at a step that fails, and counts it', async () => {
  const { tally, lines } = tallyOf();
  await tally.step('goes', () => []);
  await expect(tally.step('stops', () => ['wrong'])).rejects.toBeInstanceOf(StepFailed);
  expect(tally.finish()).toBe(false);
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

it('passes when every check does', async () => {
  const { tally, lines } = tallyOf();
  await tally.check('is well', () => []);
  expect(tally.finish()).toBe(true);
  expect(lines).toEqual(['ok  is well', '1 passed, 0 failed']);
});
