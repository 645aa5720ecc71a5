/**
 * Checks a number that counts: redirects, retries, entries.
 * @throws RangeError on what is no integer of the range
 */
export function checkCount(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${name}: expected an integer from 0 to ${most}, got ${String(value)}`);
}

/**
 * Checks a time in milliseconds: a timer takes no more than 2³¹ - 1.
 * @throws RangeError on what is no such number
 */
export function checkMilliseconds(name: string, value: number): number {
  if (typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1) return value;
  throw new RangeError(`${name}: expected milliseconds from 0 to 2147483647, got ${String(value)}`);
}

/**
 * Checks a function that a program gives.
 * @throws TypeError on what is none
 */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name}: expected a function`);
}
