import { describe, expect, test } from 'vitest';
import { KeptAnswer, type Dated } from '../src/status/kept-answer.ts';
import { KeptAnswers } from '../src/status/kept-answers.ts';

const minute = 60_000;
const hour = 60 * minute;

interface Answer extends Dated {
  readonly name: string;
}

/** A load whose answers the test gives, and a clock that it sets. */
function setUp(random = 0.5) {
  const state = { now: 1_000_000, loads: 0 };
  const answers: (Answer | Error)[] = [];
  const load = async (): Promise<Answer> => {
    state.loads += 1;
    const answer = answers.shift() ?? new Error('there is none');
    if (answer instanceof Error) throw answer;
    return Promise.resolve(answer);
  };
  const kept = new KeptAnswer<Answer>({ load, clock: () => state.now, random: () => random });
  const answer = (name: string, lifetime: number, from = state.now): Answer => ({
    name,
    thisUpdate: from,
    until: from + lifetime,
  });
  return { state, answers, kept, answer };
}

describe('An answer that is kept', () => {
  test('is loaded once for all who ask at the same time', async () => {
    const { state, answers, kept, answer } = setUp();
    answers.push(answer('first', hour));
    const got = await Promise.all([kept.get(), kept.get(), kept.get()]);
    expect(got.map(({ name }) => name)).toEqual(['first', 'first', 'first']);
    expect(state.loads).toBe(1);
  });

  test('is given while it is valid, and another is looked for from half to three quarters of its time', async () => {
    for (const [random, share] of [
      [0, 0.5],
      [1, 0.75],
    ] as const) {
      const { state, answers, kept, answer } = setUp(random);
      answers.push(answer('first', 10 * hour));
      await kept.get();
      state.now += 10 * hour * share - 1;
      expect(kept.isDue).toBe(false);
      state.now += 1;
      answers.push(answer('second', 10 * hour));
      expect((await kept.get()).name).toBe('first');
      expect((await kept.refresh()).name).toBe('second');
      expect((await kept.get()).name).toBe('second');
      expect(state.loads).toBe(2);
    }
  });

  test('that ends in a hundred years is looked for again after a day', async () => {
    const { state, answers, kept, answer } = setUp();
    answers.push(answer('first', 100 * 365 * 24 * hour));
    await kept.get();
    state.now += 24 * hour;
    expect(kept.isDue).toBe(true);
  });

  test('is not given any more when it has ended, however short its time is', async () => {
    const { state, answers, kept, answer } = setUp();
    answers.push(answer('first', 10));
    await kept.get();
    state.now += 10;
    expect(kept.valid).toBeUndefined();
    answers.push(answer('second', hour));
    expect((await kept.get()).name).toBe('second');
  });

  test('stays when a load fails, or brings an older one or one that is over', async () => {
    const { state, answers, kept, answer } = setUp();
    answers.push(answer('first', 10 * hour));
    await kept.get();
    for (const bad of [new Error('down'), answer('older', 20 * hour, state.now - 1), answer('over', 0)]) {
      answers.push(bad);
      await expect(kept.refresh()).rejects.toBeInstanceOf(Error);
      expect(kept.valid?.name).toBe('first');
    }
    answers.push(answer('same time', 11 * hour));
    expect((await kept.refresh()).name).toBe('same time');
  });

  test('is tried again after pauses from five seconds to ten minutes, in which the failure is told at once', async () => {
    const { state, answers, kept, answer } = setUp();
    for (const pause of [5000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]) {
      answers.push(new Error(`before ${pause}`));
      await expect(kept.get()).rejects.toThrow(`before ${pause}`);
      const { loads } = state;
      state.now += pause - 1;
      await expect(kept.get()).rejects.toThrow(`before ${pause}`);
      expect(state.loads).toBe(loads);
      state.now += 1;
    }
    answers.push(answer('at last', hour), new Error('again'));
    expect((await kept.get()).name).toBe('at last');
    await expect(kept.refresh()).rejects.toThrow('again');
    expect(kept.dueAt).toBe(state.now + 5000);
  });

  test('is looked for when the clock was set back by years', async () => {
    const { state, answers, kept, answer } = setUp();
    answers.push(answer('first', 10 * hour));
    await kept.get();
    state.now -= 365 * 24 * hour;
    expect(kept.isDue).toBe(true);
  });
});

describe('Answers that are kept', () => {
  const loadOf = (name: string, loads: string[]) => async (): Promise<Answer> => {
    loads.push(name);
    return Promise.resolve({ name, thisUpdate: 0, until: Infinity });
  };

  test('are so many, and the one goes that was asked for the longest time ago', async () => {
    const loads: string[] = [];
    const answers = new KeptAnswers<Answer>({ clock: () => 0, maxEntries: 2, maxBytes: 1000, lengthOf: () => 1 });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await answers.get(name, loadOf(name, loads));
    expect(loads).toEqual(['a', 'b', 'c', 'b']);
  });

  test('have so many bytes', async () => {
    const loads: string[] = [];
    const answers = new KeptAnswers<Answer>({ clock: () => 0, maxEntries: 9, maxBytes: 10, lengthOf: () => 4 });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await answers.get(name, loadOf(name, loads));
    expect(loads).toEqual(['a', 'b', 'c', 'b']);
  });
});
