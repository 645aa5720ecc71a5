import { randomBytes, type CommonSettings } from '../handshake/settings.ts';

/** The reserved values that one connection sends (RFC 8701 §2); the same in a second ClientHello. */
export interface GreaseValues {
  readonly cipherSuite: number;
  readonly group: number;
  /** The group of a decoy share; `undefined`: none. */
  readonly shareGroup: number | undefined;
  readonly version: number;
  readonly signatureScheme: number;
  /** Two that differ. */
  readonly firstExtension: number;
  readonly lastExtension: number;
}

export function drawGrease(settings: Pick<CommonSettings, 'random'>): GreaseValues {
  const [suite = 0, group = 0, version = 0, scheme = 0, first = 0, second = 0] = randomBytes(settings, 6);
  const firstExtension = greaseValue(first);
  const lastExtension = greaseValue(second);
  const groupValue = greaseValue(group);
  return {
    cipherSuite: greaseValue(suite),
    group: groupValue,
    shareGroup: groupValue,
    version: greaseValue(version),
    signatureScheme: greaseValue(scheme),
    firstExtension,
    lastExtension: lastExtension === firstExtension ? firstExtension ^ 0x1010 : lastExtension,
  };
}

/** One of 0x0A0A, 0x1A1A, … 0xFAFA. */
function greaseValue(random: number): number {
  const byte = (random & 0xf0) | 0x0a;
  return (byte << 8) | byte;
}
