import { maxHeldInput } from '@org/tls-core/backend';
import type { Measured } from './measure.ts';

/**
 * - `before`: the peer is not authenticated yet
 * - `library`: it is not authenticated yet either, and the platform's library has to read the attack
 * - `open`: the handshake is done
 */
export type RowKind = 'before' | 'library' | 'open';

/**
 * How many honest handshakes' worth of CPU 64 KiB may cost; more bytes may cost more in proportion. What the platform's library parses costs the same in every
 * program that uses it: lists of certificates cost 6 to 16 honest handshakes on the three processors that we have measured, and a processor
 * that is better at arithmetic, and so at handshakes, makes that more. On an open connection each record has its price: 64 KiB hold about 128
 * whole ClientHellos, so that nobody achieves more by records than by handshakes.
 */
const most: Readonly<Record<RowKind, number>> = { before: 5, library: 24, open: 128 };

const unit = 2 ** 16;

/** How many bytes a connection holds besides input: its own state, and the objects that keep the bytes. */
const overhead = 2 ** 16;

/** The measurements by which a row is judged. */
interface RowCost extends Pick<Measured, 'ratio' | 'held' | 'bytes'> {
  readonly kind: RowKind;
}

export function isWithinLimits({ kind, ratio, held, bytes }: RowCost): boolean {
  return ratio <= most[kind] * Math.max(1, bytes / unit) && held <= maxHeldInput + overhead;
}
