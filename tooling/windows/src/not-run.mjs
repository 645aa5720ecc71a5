import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Cases of the kit that are left out, by library and reason: what they show under Wine changes from one run to the next, or they wait for
 * what Wine never does. They are patterns of regular expressions.
 */
const leftOut = JSON.parse(readFileSync(join(import.meta.dirname, 'left-out.json'), 'utf8'));

/** What no run here can show, with the reason. */
export const never = [
  'a real Windows: Wine has its own SChannel, over GnuTLS, and its own CryptoAPI',
  'the exporter of SChannel: Wine jumps to nowhere when it is asked for keying material',
  'limits of versions where TLS 1.3 is spoken: Wine heeds them only where it does not know TLS 1.3',
  'Wine 8 as a server, and over TLS 1.3: its SChannel has neither',
  ...Object.entries(leftOut).flatMap(([library, reasons]) =>
    Object.entries(reasons).map(([reason, patterns]) => `${library}, ${patterns.join(', ')}: ${reason}`),
  ),
];
