import { constants } from 'node:crypto';

/** The bits of the option `secureOptions` that change something here. */
export const { SSL_OP_NO_TLSv1_2, SSL_OP_NO_TLSv1_3, SSL_OP_NO_TICKET, SSL_OP_LEGACY_SERVER_CONNECT } = constants;

/** Tells whether a bit is set. */
export function hasOption(secureOptions: number | null | undefined, bit: number): boolean {
  return ((secureOptions ?? 0) & bit) !== 0;
}
