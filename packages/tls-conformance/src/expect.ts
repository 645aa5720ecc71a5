/** A promise of the contract that is broken. Runners show the difference between its `actual` and its `expected`. */
export class AssertionError extends Error {
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(message: string, actual: unknown, expected: unknown) {
    super(message);
    this.name = 'AssertionError';
    this.actual = actual;
    this.expected = expected;
  }
}

/** An expected value that describes what it equals. */
class Description {
  readonly matches: (actual: unknown) => boolean;
  /** What is shown where nothing matches. */
  readonly of: unknown;

  constructor(of: unknown, matches: (actual: unknown) => boolean) {
    this.of = of;
    this.matches = matches;
  }
}

/**
 * Says what must hold of a value, in the words of vitest's and Jest's `expect`, of which it has as much as the cases use. It needs no
 * runner and nothing of a platform, so that a case runs wherever the backend does.
 * @param what what the value is, for the message
 * @throws AssertionError from each of the result's methods, when it does not hold
 */
export function expect(actual: unknown, what?: string): Expectation & { readonly not: Pick<Expectation, Negatable> } {
  const expectation = new Expectation(actual, what, true);
  return Object.assign(expectation, { not: new Expectation(actual, what, false) });
}

/** Equals an object that has these properties with equal values, and may have more. */
expect.objectContaining = (properties: object): unknown =>
  new Description(properties, (actual) => isEqual(actual, properties, 'subset'));

/** Equals a list that has these items, in any order, and may have more. */
expect.arrayContaining = (items: readonly unknown[]): unknown =>
  new Description(
    items,
    (actual) => Array.isArray(actual) && items.every((item) => actual.some((each) => isEqual(each, item, 'whole'))),
  );

/** What may also be said of what must not hold. */
type Negatable = 'toBe' | 'toContain' | 'toThrow';

class Expectation {
  readonly #actual: unknown;
  readonly #what: string | undefined;
  readonly #holds: boolean;

  constructor(actual: unknown, what: string | undefined, holds: boolean) {
    this.#actual = actual;
    this.#what = what;
    this.#holds = holds;
  }

  /** The value itself: the same object, or the same primitive value. */
  toBe(expected: unknown): void {
    this.#assert(Object.is(this.#actual, expected), 'to be', expected);
  }
  toBeUndefined(): void {
    this.toBe(undefined);
  }
  toBeNull(): void {
    this.toBe(null);
  }
  toBeDefined(): void {
    this.#assert(this.#actual !== undefined, 'to be defined', undefined);
  }
  /** The same values all the way down. A property that is `undefined` and one that is missing are alike; an error equals itself only. */
  toEqual(expected: unknown): void {
    this.#assert(isEqual(this.#actual, expected, 'whole'), 'to equal', expected);
  }
  /** An object that has these properties with equal values, or a list of such. */
  toMatchObject(expected: object): void {
    this.#assert(isEqual(this.#actual, expected, 'subset'), 'to match', expected);
  }
  toMatch(expected: RegExp): void {
    this.#assert(typeof this.#actual === 'string' && expected.test(this.#actual), 'to match', expected);
  }
  toHaveLength(expected: number): void {
    const length = Object(this.#actual as { readonly length?: unknown } | undefined).length as unknown;
    this.#assert(length === expected, `to have the length ${expected}, not ${show(length)}`, expected);
  }
  /** A list that has the item itself, or a string that has the other one in it. */
  toContain(expected: unknown): void {
    const actual = this.#actual as { readonly includes?: (item: unknown) => boolean } | undefined;
    this.#assert(actual?.includes?.(expected) === true, 'to contain', expected);
  }
  toBeInstanceOf(expected: abstract new (...given: never[]) => unknown): void {
    this.#assert(this.#actual instanceof expected, `to be an instance of ${expected.name}`, expected.name);
  }
  toBeGreaterThan(expected: number): void {
    this.#assert((this.#actual as number) > expected, 'to be greater than', expected);
  }
  toBeGreaterThanOrEqual(expected: number): void {
    this.#assert((this.#actual as number) >= expected, 'to be at least', expected);
  }
  toBeLessThan(expected: number): void {
    this.#assert((this.#actual as number) < expected, 'to be less than', expected);
  }
  toBeLessThanOrEqual(expected: number): void {
    this.#assert((this.#actual as number) <= expected, 'to be at most', expected);
  }

  /**
   * A function that throws when it is called.
   * @param expected the class of what is thrown, the error itself, or a description. Default: anything
   */
  toThrow(expected?: unknown): void {
    const thrown = thrownBy(this.#actual as () => unknown);
    const isExpected = thrown !== undefined && (expected === undefined || isThrown(thrown.value, expected));
    const what = thrown === undefined ? 'to throw' : `to throw, not ${show(thrown.value)},`;
    this.#assert(isExpected, what, expected);
  }

  /** Says it of the reason for which a promise is rejected. */
  get rejects(): { toMatchObject(expected: object): Promise<void> } {
    return {
      toMatchObject: async (expected) => {
        const reason = await (this.#actual as Promise<unknown>).then(
          () => this.#assert(false, 'to be rejected with', expected),
          (error: unknown) => error,
        );
        expect(reason, this.#what).toMatchObject(expected);
      },
    };
  }

  #assert(isSo: boolean, toBe: string, expected: unknown): void {
    if (isSo === this.#holds) return;
    const what = this.#what === undefined ? '' : `${this.#what}: `;
    const [negation, wanted] = [this.#holds ? '' : 'not ', expected instanceof Description ? expected.of : expected];
    throw new AssertionError(
      `${what}expected ${show(this.#actual)} ${negation}${toBe} ${show(wanted)}`,
      this.#actual,
      wanted,
    );
  }
}

function thrownBy(act: () => unknown): { readonly value: unknown } | undefined {
  try {
    act();
    return undefined;
  } catch (value) {
    return { value };
  }
}

function isThrown(value: unknown, expected: unknown): boolean {
  return typeof expected === 'function' ? value instanceof expected : isEqual(value, expected, 'whole');
}

/** @param extent whether an object may have properties that the expected one has not */
function isEqual(actual: unknown, expected: unknown, extent: 'whole' | 'subset'): boolean {
  if (expected instanceof Description) return expected.matches(actual);
  if (Object.is(actual, expected)) return true;
  if (!isObject(actual) || !isObject(expected) || expected instanceof Error) return false;
  if (expected instanceof Uint8Array) {
    return (
      actual instanceof Uint8Array &&
      actual.length === expected.length &&
      expected.every((byte, index) => byte === actual[index])
    );
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => isEqual(actual[index], item, extent))
    );
  }
  if (Object.prototype.toString.call(expected) !== '[object Object]')
    throw new TypeError('cannot compare such objects');
  const names = Object.keys(extent === 'whole' ? { ...actual, ...expected } : expected);
  return names.every((name) => (extent === 'whole' || name in actual) && isEqual(actual[name], expected[name], extent));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** How much of a value a message shows. */
const maxShown = 300;

function show(value: unknown): string {
  const shown = shownWhole(value);
  return shown.length > maxShown ? `${shown.slice(0, maxShown)}…` : shown;
}

function shownWhole(value: unknown): string {
  try {
    return JSON.stringify(value, (_name, each: unknown) => shownAs(each));
  } catch {
    return String(value); // the value refers to itself
  }
}

function shownAs(value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Uint8Array) return `${value.length} bytes: ${Array.from(value.subarray(0, 40)).join(' ')}`;
  if (value instanceof RegExp || typeof value === 'bigint' || typeof value === 'function') return String(value);
  return value === undefined ? 'undefined' : value;
}
