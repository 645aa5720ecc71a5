import { maxHeldInput } from '@org/tls-core/backend';
import type { Measured } from './measure.ts';

/**
 * - `before`: the peer is not authenticated yet
 * - `library`: it is not authenticated yet either, and the platform's library has to read the attack
 * - `open`: the handshake is done
 */
export type RowKind = 'before' | 'library' | 'open';

/**
 * How many honest handshakes' worth of CPU 64 KiB may cost. What the platform's library parses costs the same in every program that uses
 * it. On an open connection each record has its price: 64 KiB hold about 128 whole ClientHellos, so that nobody achieves more by records
 * than by handshakes.
 */
const most: Readonly<Record<RowKind, number>> = { before: 5, library: 16, open: 128 };

/** How many bytes a connection holds besides input: its own state, and the objects that keep the bytes. */
const overhead = 2 ** 16;

/** The measurements by which a row is judged. */
interface RowCost extends Pick<Measured, 'ratio' | 'held'> {
  readonly kind: RowKind;
}

export function isWithinLimits({ kind, ratio, held }: RowCost): boolean {
  return ratio <= most[kind] && held <= maxHeldInput + overhead;
}
