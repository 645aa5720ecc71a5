import { describe, expect, test } from 'vitest';
import { boundOf, fault, figuresOf, readFloors } from '../src/floors.ts';
import { subjectNamed } from '../src/subjects.ts';
import { loadWorkload } from '../src/workload.ts';

const floor = { workload: 'echo', case: '100 bytes', subject: 'pure', bound: 0.5, reason: 'r', seen: { here: 0.6 } };

describe('floors', () => {
  test('a ratio at its floor passes, and one below it is told with both figures', () => {
    expect(fault(floor, 0.5, false)).toBeUndefined();
    expect(fault(floor, 0.49, false)).toBe('pure in echo, 100 bytes: expected at least 0.5, got 0.49');
  });

  test('memory and collections have a ceiling', () => {
    expect(fault(floor, 0.5, true)).toBeUndefined();
    expect(fault(floor, 0.51, true)).toContain('expected at most 0.5');
  });

  test('a bound leaves a quarter beside the worst figure', () => {
    expect(boundOf([0.8, 1, 1.2], false)).toBe(0.6);
    expect(boundOf([2, 4], true)).toBe(5);
  });

  test.each(['20', '24'])('every floor of Node %s is of a case and a subject that are there', async (line) => {
    const floors = await readFloors(line);
    expect(floors.length).toBeGreaterThan(0);
    for (const { workload, case: name, subject } of floors) {
      const { cases } = await loadWorkload(workload);
      expect(cases.map((each) => each.name)).toContain(name);
      expect(subjectNamed(subject).name).toBe(subject);
    }
  });

  test.each(['20', '24'])('each floor of Node %s is the one that its figures give', async (line) => {
    for (const each of await readFloors(line)) {
      const isCeiling = ['idle', 'collections'].includes(each.workload);
      expect([each.subject, each.case, each.bound]).toEqual([
        each.subject,
        each.case,
        boundOf(figuresOf(each), isCeiling),
      ]);
    }
  });
});
