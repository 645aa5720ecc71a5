import { describe, expect, it } from 'vitest';
import { EngineQueue } from '../src/backend/engine-queue.ts';

const noFailure = (error: unknown): void => {
  throw error;
};
const nothing = (): void => undefined;

describe('the queue of an engine', () => {
  it('tells an event that comes of another one behind all that were there', () => {
    const told: string[] = [];
    const queue = new EngineQueue(noFailure, nothing);
    queue.run(() => {
      queue.tell(() => {
        queue.run(() => queue.tell(() => told.push('of the first')));
        told.push('first');
      });
      queue.tell(() => told.push('second'));
    });
    expect(told).toEqual(['first', 'second', 'of the first']);
  });

  it('does work that is called for by other work behind it, and tells no event in between', () => {
    const done: string[] = [];
    const queue = new EngineQueue(noFailure, nothing);
    queue.run(() => {
      queue.tell(() => done.push('event'));
      queue.run(() => done.push('inner work'));
      done.push('outer work');
    });
    expect(done).toEqual(['outer work', 'inner work', 'event']);
  });

  it('hands on what work throws, and goes on', () => {
    const failures: unknown[] = [];
    const queue = new EngineQueue((error) => failures.push(error), nothing);
    queue.run(() => {
      throw new Error('of work');
    });
    queue.run(() => failures.push('later'));
    expect(failures).toEqual([new Error('of work'), 'later']);
  });

  it('lets out what an event throws, and tells the rest with the next call', () => {
    const told: string[] = [];
    const queue = new EngineQueue(noFailure, nothing);
    const call = (): void =>
      queue.run(() => {
        queue.tell(() => {
          throw new Error('of an event');
        });
        queue.tell(() => told.push('behind it'));
      });
    expect(call).toThrow('of an event');
    expect(told).toEqual([]);
    queue.run(() => queue.tell(() => told.push('of the next call')));
    expect(told).toEqual(['behind it', 'of the next call']);
  });

  it('tells the rest by a microtask when no call comes', async () => {
    const told: string[] = [];
    const queue = new EngineQueue(noFailure, nothing);
    const call = (): void =>
      queue.run(() => {
        queue.tell(() => {
          throw new Error('of an event');
        });
        queue.tell(() => told.push('behind it'));
      });
    expect(call).toThrow('of an event');
    await Promise.resolve();
    expect(told).toEqual(['behind it']);
  });

  it('drops everything when it is closed, and does the last work when the work under way is done', () => {
    const done: string[] = [];
    const queue = new EngineQueue(noFailure, nothing);
    queue.run(() => {
      queue.tell(() => done.push('event'));
      queue.run(() => done.push('inner work'));
      queue.close(() => done.push('last'));
      queue.tell(() => done.push('event behind the end'));
      done.push('work');
    });
    expect(done).toEqual(['work', 'last']);
  });
});
