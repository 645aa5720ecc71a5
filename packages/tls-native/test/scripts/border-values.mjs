// Values for the border fuzzer: those that the addon expects, and those that nobody should give it.

/** A generator of numbers that a seed decides. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return {
    /** A whole number below `bound`. */
    below(bound) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
    },
    one(list) {
      return list[this.below(list.length)];
    },
    /** True in so many of a hundred. */
    in(percent) {
      return this.below(100) < percent;
    },
    bytes(length) {
      return Uint8Array.from({ length }, () => this.below(256));
    },
  };
}

/** Thrown by a getter or a listener of ours: it has to come out again as it is. */
export class OwnError extends Error {}

/** @param act called from within a getter, in the middle of whatever reads it */
export function strangeValues(random, act) {
  const detached = new Uint8Array(64);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const getter = (get) => Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get }])));
  return [
    () => undefined,
    () => null,
    () => random.one([NaN, -1, 0.5, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 63), 1e300]),
    () => random.one(['', 'text', 'with\0zero', 'a'.repeat(70_000), '\ud800']),
    () => random.one([true, 1n, Symbol('any'), () => 1, new Date(), /x/]),
    () => random.one([{}, [], Object.create(null), new Map(), new Proxy({}, {})]),
    () => random.one([new Float64Array(4), new Int8Array(4), new DataView(new ArrayBuffer(8)), new ArrayBuffer(8)]),
    () => random.one([detached, new Uint8Array(new SharedArrayBuffer(32)), new Uint8Array(0), Buffer.alloc(20_000)]),
    () => random.one([[undefined], [new Uint8Array(3)], [1, 2, 3], Array.from({ length: 70_000 }), [{}], [[]]]),
    () => new Proxy([], { get: (target, name) => (name === 'length' ? 2 ** 32 - 1 : target[name]) }),
    () =>
      getter(() => {
        throw new OwnError('of a getter');
      }),
    () =>
      getter(() => {
        act();
        return new Uint8Array(4);
      }),
  ];
}

/** What the addon reads of objects. */
const names = ['alert', 'credential', 'signature', 'ticketKeys', 'path', 'serverName', 'alpn', 'session', 'isServer'];
