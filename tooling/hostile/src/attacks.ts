import type { Attack } from './attack.ts';
import { certificateListAttacks } from './attacks/certificate-lists.ts';
import { clientHelloAttacks } from './attacks/client-hellos.ts';

/** All attacks, in the order of the table. */
export const attacks: readonly Attack[] = [...clientHelloAttacks, ...certificateListAttacks];
