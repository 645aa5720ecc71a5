import type { ReplayGuard, TicketKeys } from '@org/tls-core';

/** The options of a server's configuration that workers share. */
export interface SharedTls {
  readonly ticketKeys: TicketKeys;
  /** Is absent where nobody has seen the early data of all who have the keys. */
  readonly replayGuard?: ReplayGuard;
}
