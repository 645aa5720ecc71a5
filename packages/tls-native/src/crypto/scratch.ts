import type { BytesIn } from '../border/crypto-addon.ts';
import { addon } from './library.ts';

const { inputs, results } = addon;

/** What is longer is handed over where it lies: from here on a copy takes longer than Node-API takes to find the buffer. */
const longestCopy = 1024;
/** So many short inputs fit at once. */
const mostCopies = Math.floor(inputs.length / longestCopy);
if (mostCopies < 3) throw new RangeError('the scratch is too small for three inputs');

/**
 * Makes bytes ready for a call: short ones are copied into the scratch.
 * @param before what was made ready for the same call before, of which there may be two
 */
export function ready(bytes: Uint8Array, before: BytesIn = 0, beforeThat: BytesIn = 0): BytesIn {
  if (bytes.length > longestCopy) return bytes;
  inputs.set(bytes, lengthIn(before) + lengthIn(beforeThat));
  return bytes.length;
}

function lengthIn(bytes: BytesIn): number {
  return typeof bytes === 'number' ? bytes : 0;
}

/** Takes the result of a call, which is the caller's from then on, and wipes the scratch. */
export function take(length: number): Uint8Array {
  const place = placeOf(length);
  const result = new Uint8Array(place);
  place.fill(0);
  return result;
}

/** Takes the result of a call into the beginning of a buffer, likewise. */
export function takeInto(out: Uint8Array, length: number): void {
  const place = placeOf(length);
  out.set(place);
  place.fill(0);
}

/** Views of the beginning of the results, by their length: making one takes longer than a copy. There are as many as results have bytes. */
const places: Uint8Array[] = [];

function placeOf(length: number): Uint8Array {
  return (places[length] ??= results.subarray(0, length));
}
