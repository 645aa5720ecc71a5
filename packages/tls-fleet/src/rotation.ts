import { askHookNow, badValue, callback, integer } from '@org/tls-core/backend';

/** When ticket keys change, and for how long they are needed. */
export interface RotationOptions {
  /** Milliseconds for which one key seals, 5,000 to 604,800,000. It is the same for all servers of a fleet. Default: 6 hours. */
  readonly rotationInterval?: number;
  /**
   * The largest `sessionLifetimeSeconds` of the servers' configurations, for which a key opens after it has last sealed; at most 48 times the
   * interval. Default: 7200, as there.
   */
  readonly sessionLifetimeSeconds?: number;
  /** Gives the time in milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

/** The options of a rotation, read and in milliseconds. */
export interface Rotation {
  readonly interval: number;
  readonly lifetime: number;
  /** @throws TlsError `ERR_TLS_HOOK` where the clock gives no time */
  readonly now: () => number;
}

export const rotationOptions = ['rotationInterval', 'sessionLifetimeSeconds', 'clock'] as const;

const defaultInterval = 6 * 60 * 60 * 1000;
const defaultLifetimeSeconds = 7200;
/** Handshakes look through the keys one by one, and take no more than 256 of them. */
const mostIntervals = 48;

/** @throws TypeError, TlsError `ERR_TLS_CONFIG` as each option says */
export function readRotation(options: RotationOptions): Rotation {
  const interval = integer(5000, 604_800_000)(options.rotationInterval ?? defaultInterval, 'rotationInterval');
  const lifetimeSeconds = integer(1, 604_800)(
    options.sessionLifetimeSeconds ?? defaultLifetimeSeconds,
    'sessionLifetimeSeconds',
  );
  const lifetime = lifetimeSeconds * 1000;
  if (lifetime > mostIntervals * interval)
    throw badValue('rotationInterval', `expected at least a ${mostIntervals}th of \`sessionLifetimeSeconds\``);
  const clock = callback(options.clock ?? Date.now, 'clock') as () => unknown;
  return { interval, lifetime, now: () => askHookNow('clock', clock) };
}
