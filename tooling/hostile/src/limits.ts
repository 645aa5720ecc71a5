import { maxHeldInput } from '@org/tls-core/backend';
import type { Measured } from './measure.ts';

/**
 * - `before`: the peer is not authenticated yet
 * - `library`: nor is it, and the platform's library has to read it
 * - `open`: the handshake is done
 */
export type RowKind = 'before' | 'library' | 'open';

/**
 * Honest handshakes' worth of CPU that 64 KiB may cost. What the platform's library parses costs in every program that uses it the same.
 * On an open connection each record has its price: 64 KiB hold about 128 whole ClientHellos, so that nobody gets further by records than by
 * handshakes.
 */
const most: Readonly<Record<RowKind, number>> = { before: 5, library: 16, open: 128 };

/** What a connection holds besides input: its own state, and what keeps the bytes. */
const overhead = 2 ** 16;

/** What a row is judged by. */
interface RowCost extends Pick<Measured, 'ratio' | 'held'> {
  readonly kind: RowKind;
}

export function isWithinLimits({ kind, ratio, held }: RowCost): boolean {
  return ratio <= most[kind] && held <= maxHeldInput + overhead;
}
