import { codedError, wrongType } from '../coded-error.ts';

/** The arguments of a TLSSocket's methods, judged as Node judges them, with its codes and texts. */
export function checkString(name: string, value: unknown): void {
  if (typeof value !== 'string') throw wrongType(`"${name}" argument`, 'of type string', value);
}

export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(`"${name}" argument`, 'of type object', value);
}

export function checkOptionalFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw wrongType(`"${name}" argument`, 'of type function', value);
}

export function checkOptionalBytes(name: string, value: unknown): void {
  if (value !== undefined && !ArrayBuffer.isView(value))
    throw wrongType(`"${name}" argument`, 'an instance of Buffer, TypedArray, or DataView', value);
}

/** @param minimum the smallest number that is taken; the largest is 2^32 - 1 for a positive one, and 2^31 - 1 else */
export function checkInteger(name: string, value: unknown, minimum: number): void {
  if (typeof value !== 'number') throw wrongType(`"${name}" argument`, 'of type number', value);
  const maximum = minimum < 0 ? 2 ** 31 - 1 : 2 ** 32 - 1;
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < minimum || value > maximum) throw outOfRange(name, `>= ${minimum} && <= ${maximum}`, value);
}

function outOfRange(name: string, expected: string, value: number): Error {
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${value}`;
  return codedError('ERR_OUT_OF_RANGE', message, RangeError);
}
