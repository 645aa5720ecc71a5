import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { joinSignals } from '../src/joined-signals.ts';

const pair = (): readonly [AbortController, AbortController] => [new AbortController(), new AbortController()];
const listenersOf = (controllers: readonly AbortController[]): unknown[] =>
  controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'));

test.each([0, 1])('joined signals abort with the reason of the first, number %d', (index) => {
  const controllers = pair();
  const [one, other] = controllers;
  const joined = joinSignals(one.signal, other.signal);
  const reason = new Error('given up');
  controllers[index]?.abort(reason);
  controllers[1 - index]?.abort(new Error('too late'));
  expect(joined.signal.reason).toBe(reason);
  expect(listenersOf(controllers)).toEqual([]);
});

test('a signal that has aborted before counts', () => {
  const [one, other] = pair();
  const reason = new Error('given up');
  other.abort(reason);
  const joined = joinSignals(one.signal, other.signal);
  expect(joined.signal.reason).toBe(reason);
  expect(listenersOf([one, other])).toEqual([]);
});

test('signals that are released leave nothing and abort nothing', () => {
  const [one, other] = pair();
  const joined = joinSignals(one.signal, other.signal);
  joined.release();
  expect(listenersOf([one, other])).toEqual([]);
  one.abort();
  expect(joined.signal.aborted).toBe(false);
});
