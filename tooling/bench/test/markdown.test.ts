import { describe, expect, test } from 'vitest';
import { markdownTable, resultTable, significant } from '../src/report/markdown.ts';
import type { UndatedResult } from '../src/compare.ts';

describe('tables', () => {
  test('a table has a header, a rule and its rows', () => {
    expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });

  test('a bar within a cell does not end it', () => {
    expect(markdownTable(['a'], [['x|y']])).toContain('| x\\|y |');
  });

  test('a number has three digits', () => {
    expect([12_345, 0.012_34, 1.999].map(significant)).toEqual(['12300', '0.0123', '2']);
    expect(significant(Number.NaN)).toBe('–');
  });

  test('a subject that is not there says why in its row', () => {
    const rows = resultTable([{ ...result, subjects: [{ subject: 'native', missing: 'no libssl' }] }]).split('\n');
    expect(rows[2]).toContain('| native | – | no libssl |');
  });

  test('a measurement without a baseline has its figures and no ratio', () => {
    const subjects = [{ subject: 'pure', figures: { rate: 100, clientCpu: 10, serverCpu: 20 } }];
    expect(resultTable([{ ...result, subjects }]).split('\n')[2]).toBe(
      '| 16 concurrent | pure | – |  | 100 | 10 | 20 |',
    );
  });

  test('a case under a heap says how large it is', () => {
    const subjects = [{ subject: 'pure', figures: { rate: 100, clientCpu: 10, serverCpu: 20 } }];
    expect(resultTable([{ ...result, heapMebibytes: 24, subjects }])).toContain('16 concurrent, with 24 MiB of heap');
  });
});

const result: UndatedResult = {
  workload: 'handshakes',
  case: '16 concurrent',
  unit: 'handshake',
  measures: 'rate',
  heapMebibytes: 0,
  subjects: [],
};
