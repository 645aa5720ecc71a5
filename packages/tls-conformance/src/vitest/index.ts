import { describe, test } from 'vitest';
import { cases } from '../cases.ts';
import { nodeCases } from '../node/index.ts';
import { planOf, type ConformanceOptions } from '../plan.ts';

/**
 * Registers all cases of the kit with vitest, one test each. Call it at the top level of a test file, with `await`.
 * @throws TypeError on a deviation that names no case
 */
export async function describeConformance(title: string, options: ConformanceOptions): Promise<void> {
  const planned = await planOf([...cases, ...nodeCases], options);
  describe(title, () => {
    for (const each of planned) {
      if (each.deviation === undefined) test(`${each.id}: ${each.title}`, () => each.run());
      else test.fails(`${each.id}: ${each.title} [deviation: ${each.deviation}]`, () => each.run());
    }
  });
}
