import type { ConnectionInfo } from '@org/tls-core';
import type { TlsSocket } from '@org/tls-core/node';
import type { EarlySocket } from './early-socket.ts';
import type { PhaseClock } from './phase-clock.ts';
import type { Route } from './routes/route.ts';

/** One connection of a client, and how it was made. */
export class Connection {
  /** `undefined`: it is plain HTTP. */
  readonly secured: TlsSocket | undefined;
  readonly route: Route;
  readonly clock: PhaseClock;
  /** Set where the connection was handed over while its handshake went on, so that requests may go as early data. */
  readonly early: EarlySocket | undefined;

  constructor(route: Route, clock: PhaseClock, secured?: TlsSocket, early?: EarlySocket) {
    this.route = route;
    this.clock = clock;
    this.secured = secured;
    this.early = early;
  }

  /** `undefined` while its handshake goes on, too. */
  get info(): ConnectionInfo | undefined {
    return this.secured?.info;
  }

  /** True while what is written goes out as early data. */
  get sendsEarly(): boolean {
    return this.early?.sendsEarly === true;
  }

  /** True when it was handed over for early data and its handshake was not done, or never was. */
  get isUnproven(): boolean {
    return this.early !== undefined && this.early.info === undefined;
  }
}
