import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toldFigures } from './size-text.mjs';

/** @typedef {import('./size-text.mjs').Figures} Figures */

/**
 * Holds what a package's README tells of its size and start against what was measured, so that a figure that has grown old is a fault.
 * @param {{ name: string, source: string }} archive
 * @param {Figures} measured
 * @returns {readonly string[]}
 */
export function sizeFaults({ name, source }, measured) {
  const told = toldFigures(readFileSync(join(source, 'README.md'), 'utf8'));
  if (told === undefined) return [`${name}: README tells no size; pnpm --filter @org/release-checks sizes`];
  return differences(told, measured).map(
    (fault) => `${name}: README tells ${fault}; pnpm --filter @org/release-checks sizes`,
  );
}

/**
 * @param {Figures} told
 * @param {Figures} measured
 */
function differences(told, measured) {
  const faults = [];
  if (isFar(told.own, measured.own, 0.05, roundingOf(told.own)))
    faults.push(`${told.own} bytes of its own, and it has ${measured.own}`);
  if (told.dependencies !== measured.dependencies)
    faults.push(`${told.dependencies} other packages, and there are ${measured.dependencies}`);
  if (isFar(told.all, measured.all, 0.05, roundingOf(told.all)))
    faults.push(`${told.all} bytes of all packages, and they have ${measured.all}`);
  if (told.hasBinaries !== measured.hasBinaries) faults.push('of binaries what is not so');
  if (told.start?.specifier !== measured.start?.specifier)
    faults.push(`an import of ${told.start?.specifier}, and ${measured.start?.specifier} was measured`);
  else if (told.start !== undefined && measured.start !== undefined)
    faults.push(...startDifferences(told.start, measured.start));
  if (isFar(told.bundle ?? 0, measured.bundle ?? 0, 0.03, 500))
    faults.push(`${told.bundle} bytes in one file, and it has ${measured.bundle}`);
  return faults;
}

/**
 * CPU is compared as a multiple of what Node's own module takes in the same run, since machines differ and are busy.
 * @param {NonNullable<Figures['start']>} told
 * @param {NonNullable<Figures['start']>} measured
 */
function startDifferences(told, measured) {
  if (told.node !== measured.node) return [`a start on Node ${told.node}, and Node ${measured.node} was measured`];
  const [before, now] = [told.cpu / told.reference, measured.cpu / measured.reference];
  const times = (/** @type {number} */ multiple) => `${multiple.toFixed(1)} times the CPU of node:https`;
  return [
    ...(isFar(told.heap, measured.heap, 0.12, 0.05)
      ? [`${told.heap} MiB of live heap, and it is ${measured.heap.toFixed(1)}`]
      : []),
    ...(now > before * 1.6 || now < before / 1.6 ? [`${times(before)}, and it is ${times(now)}`] : []),
  ];
}

/**
 * @param {number} told
 * @param {number} measured
 * @param {number} tolerance as a part of what was measured
 * @param {number} rounding by how much what is told may be rounded
 */
function isFar(told, measured, tolerance, rounding) {
  return Math.abs(told - measured) > measured * tolerance + rounding;
}

/** @param {number} bytes as they are told: kilobytes, or tenths of megabytes */
function roundingOf(bytes) {
  return bytes < 1_000_000 ? 500 : 50_000;
}
