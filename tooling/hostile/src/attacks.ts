import type { Attack } from './attack.ts';
import { floodAttacks } from './attacks/after-handshake.ts';
import { certificateContentAttacks } from './attacks/certificate-contents.ts';
import { certificateListAttacks } from './attacks/certificate-lists.ts';
import { clientHelloAttacks } from './attacks/client-hellos.ts';
import { heldInputAttacks } from './attacks/held-input.ts';
import { recordAttacks } from './attacks/records.ts';
import { serverFlightAttacks } from './attacks/server-flights.ts';

/** All attacks, in the order of the table. */
export const attacks: readonly Attack[] = [
  ...clientHelloAttacks,
  ...recordAttacks,
  ...certificateListAttacks,
  ...certificateContentAttacks,
  ...serverFlightAttacks,
  ...heldInputAttacks,
  ...floodAttacks,
];
