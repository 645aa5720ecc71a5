import { describe, expect, it } from 'vitest';
import { AssertionError, expect as kitExpect } from '../src/expect.ts';

const error = new TypeError('one');
const thrower = (value: unknown) => (): never => {
  throw value;
};
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

type Say = (say: typeof kitExpect) => unknown;

/** What holds, and for each the nearest that does not. */
const rows: readonly (readonly [name: string, holds: Say, fails: Say])[] = [
  ['toBe', (say) => say(NaN).toBe(NaN), (say) => say({}).toBe({})],
  ['not.toBe', (say) => say(1).not.toBe(2), (say) => say(1).not.toBe(1)],
  ['toBeUndefined', (say) => say(undefined).toBeUndefined(), (say) => say(null).toBeUndefined()],
  ['toBeNull', (say) => say(null).toBeNull(), (say) => say(undefined).toBeNull()],
  ['toBeDefined', (say) => say(null).toBeDefined(), (say) => say(undefined).toBeDefined()],
  ['toEqual of bytes', (say) => say(bytes(1, 2)).toEqual(bytes(1, 2)), (say) => say(bytes(1, 2)).toEqual(bytes(1, 3))],
  ['toEqual of shorter bytes', (say) => say(bytes()).toEqual(bytes()), (say) => say(bytes(1)).toEqual(bytes(1, 2))],
  ['toEqual of bytes and a list', (say) => say([1]).toEqual([1]), (say) => say([1]).toEqual(bytes(1))],
  ['toEqual of a Buffer', (say) => say(Buffer.of(1)).toEqual(bytes(1)), (say) => say(Buffer.of(2)).toEqual(bytes(1))],
  ['toEqual of lists', (say) => say([1, [2]]).toEqual([1, [2]]), (say) => say([1, [2]]).toEqual([1, [3]])],
  ['toEqual of longer lists', (say) => say([]).toEqual([]), (say) => say([1]).toEqual([1, undefined])],
  [
    'toEqual of objects',
    (say) => say({ a: { b: 1 } }).toEqual({ a: { b: 1 } }),
    (say) => say({ a: 1, b: 2 }).toEqual({ a: 1 }),
  ],
  ['toEqual of what is missing', (say) => say({ a: undefined }).toEqual({}), (say) => say({}).toEqual({ a: 1 })],
  ['toEqual of errors', (say) => say([error]).toEqual([error]), (say) => say(error).toEqual(new TypeError('one'))],
  [
    'toMatchObject',
    (say) => say({ a: 1, b: 2 }).toMatchObject({ a: 1 }),
    (say) => say({ a: 1 }).toMatchObject({ a: 2 }),
  ],
  [
    'toMatchObject of what is missing',
    (say) => say({ a: undefined }).toMatchObject({ a: undefined }),
    (say) => say({}).toMatchObject({ a: undefined }),
  ],
  [
    'toMatchObject of an error',
    (say) => say(error).toMatchObject({ name: 'TypeError' }),
    (say) => say(error).toMatchObject({ name: 'Error' }),
  ],
  [
    'toMatchObject of a cause',
    (say) => say({ cause: error }).toMatchObject({ cause: error }),
    (say) => say({ cause: new TypeError('one') }).toMatchObject({ cause: error }),
  ],
  [
    'toMatchObject of lists',
    (say) => say([{ a: 1, b: 2 }]).toMatchObject([{ a: 1 }]),
    (say) => say([{ a: 1 }, 2]).toMatchObject([{ a: 1 }]),
  ],
  ['toMatchObject of nothing', (say) => say({ a: 1 }).toMatchObject({}), (say) => say(undefined).toMatchObject({})],
  ['toMatch', (say) => say('abc').toMatch(/b/), (say) => say(undefined).toMatch(/undefined/)],
  ['toHaveLength', (say) => say([1]).toHaveLength(1), (say) => say(undefined).toHaveLength(0)],
  ['toContain', (say) => say([1, undefined]).toContain(undefined), (say) => say([{}]).toContain({})],
  ['toContain of text', (say) => say('abc').toContain('b'), (say) => say(undefined).toContain('b')],
  ['not.toContain', (say) => say([1]).not.toContain(2), (say) => say([1]).not.toContain(1)],
  ['toBeInstanceOf', (say) => say(error).toBeInstanceOf(TypeError), (say) => say(error).toBeInstanceOf(RangeError)],
  ['toBeGreaterThan', (say) => say(2).toBeGreaterThan(1), (say) => say(1).toBeGreaterThan(1)],
  [
    'toBeGreaterThanOrEqual',
    (say) => say(1).toBeGreaterThanOrEqual(1),
    (say) => say(undefined).toBeGreaterThanOrEqual(0),
  ],
  ['toBeLessThan', (say) => say(1).toBeLessThan(2), (say) => say(2).toBeLessThan(2)],
  ['toBeLessThanOrEqual', (say) => say(2).toBeLessThanOrEqual(2), (say) => say(undefined).toBeLessThanOrEqual(2)],
  ['toThrow', (say) => say(thrower(undefined)).toThrow(), (say) => say(() => undefined).toThrow()],
  [
    'toThrow of a class',
    (say) => say(thrower(error)).toThrow(TypeError),
    (say) => say(thrower(error)).toThrow(RangeError),
  ],
  [
    'toThrow of an error',
    (say) => say(thrower(error)).toThrow(error),
    (say) => say(thrower(new TypeError('one'))).toThrow(error),
  ],
  ['not.toThrow', (say) => say(() => undefined).not.toThrow(), (say) => say(thrower(undefined)).not.toThrow()],
  [
    'rejects',
    (say) => say(Promise.reject(error)).rejects.toMatchObject({ message: 'one' }),
    (say) => say(Promise.reject(error)).rejects.toMatchObject({ message: 'two' }),
  ],
  [
    'rejects of what is fulfilled',
    (say) => say(Promise.reject(error)).rejects.toMatchObject({}),
    (say) => say(Promise.resolve(error)).rejects.toMatchObject({}),
  ],
  [
    'objectContaining',
    (say) => say([{ a: 1, b: 2 }]).toEqual([kitExpect.objectContaining({ a: 1 })]),
    (say) => say({ a: 2 }).toEqual(kitExpect.objectContaining({ a: 1 })),
  ],
  [
    'arrayContaining',
    (say) => say([3, { a: 1 }]).toEqual(kitExpect.arrayContaining([{ a: 1 }])),
    (say) => say([{ a: 1, b: 2 }]).toEqual(kitExpect.arrayContaining([{ a: 1 }])),
  ],
];

describe('the assertions of the cases', () => {
  it.each(rows)('%s holds, and fails where it must', async (_name, holds, fails) => {
    expect(await holds(kitExpect)).toBeUndefined();
    expect(await outcome(() => fails(kitExpect))).toBeInstanceOf(AssertionError);
  });

  it('show what was expected and what came', async () => {
    const failure = await outcome(() => kitExpect({ alert: 40 }, 'the server').toMatchObject({ alert: 50 }));
    expect(failure).toMatchObject({
      message: 'the server: expected {"alert":40} to match {"alert":50}',
      actual: { alert: 40 },
      expected: { alert: 50 },
    });
  });

  it('refuse what they cannot compare', async () => {
    expect(await outcome(() => kitExpect(new Map()).toEqual(new Map()))).toBeInstanceOf(TypeError);
  });

  it('show a value that refers to itself', async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(await outcome(() => kitExpect(circle).toBe(1))).toBeInstanceOf(AssertionError);
  });
});

async function outcome(act: () => unknown): Promise<unknown> {
  try {
    await act();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}
