import type { Measured } from './measure.ts';
import type { Row } from './rows.ts';

/** Honest handshakes' worth of CPU that 64 KiB may cost before the handshake is done. */
const mostBefore = 5;

/**
 * The same on an open connection, where each record has its price: 64 KiB hold about as many whole ClientHellos, so that nobody gets
 * further by records than by handshakes.
 */
const mostWhenOpen = 128;

/** Bytes that a connection may hold, whatever its peer sent: `maxHeldInput` of the contract. */
const mostHeld = 2 ** 18;

/** What is held besides by an engine that holds as much as it may: its own state, and what keeps the bytes. */
const overhead = 2 ** 16;

export function isWithinLimits({ isOpen }: Pick<Row, 'isOpen'>, { ratio, held }: Measured): boolean {
  return ratio <= (isOpen ? mostWhenOpen : mostBefore) && held <= mostHeld + overhead;
}
