import type { Identity, KeyIdentity, MaybePromise, SignerIdentity, TlsError } from '@org/tls-core';
import type { BackendChoice } from '@org/tls-core/config';
import { checkInterval, defaultInterval } from '@org/tls-core/files';

/** Says how an identity is watched. */
export interface WatchIdentityOptions {
  /** Says how many milliseconds lie between two looks, 100 to 2^31 - 1; 0: nobody looks but `check`. Default: 10,000. */
  readonly interval?: number;
  /**
   * Adds to each identity that was read what stands in no file: `ocspResponse`, `signatureSchemes`, … Where it throws or rejects, the files
   * are refused. Default: nothing is added.
   */
  readonly complete?: (identity: KeyIdentity | SignerIdentity) => MaybePromise<Identity>;
  /**
   * Names the backend that has to be able to load an identity before it is used, as `backend` of a configuration does. A backend may refuse
   * what can be read: a short key, or a kind of key that its platform does not know. Default: handshakes find out.
   */
  readonly backend?: BackendChoice;
  /** Tells the time in milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Is told each new identity after the first, and the one in whose place it comes. What it throws is the application's own uncaught exception. */
  readonly onChange?: (identity: Identity, previous: Identity) => void;
  /**
   * Is told why files are refused, once for each state of the files and each reason: `ERR_TLS_IDENTITY`, with what went wrong as `cause`. Default:
   * `process.emitWarning`. What it throws is the application's own uncaught exception.
   */
  readonly onRefused?: (error: TlsError) => void;
  /**
   * Is told once of each identity whose certificate is out of its time when it is to be shown to somebody: `ERR_TLS_CERTIFICATE_EXPIRED` or
   * `ERR_TLS_CERTIFICATE_NOT_YET_VALID`. Default: `process.emitWarning`. What it throws is the application's own uncaught exception.
   */
  readonly onExpired?: (error: TlsError) => void;
}

/** The options with their defaults. */
export type WatchSettings = Pick<WatchIdentityOptions, 'backend'> & Required<Omit<WatchIdentityOptions, 'backend'>>;

/** The names of all options. */
export const watchOptionNames = [
  'interval',
  'complete',
  'backend',
  'clock',
  'onChange',
  'onRefused',
  'onExpired',
] as const satisfies readonly (keyof WatchIdentityOptions)[];

/** @throws TypeError on an option of the wrong type, TlsError `ERR_TLS_CONFIG` on an interval out of range */
export function watchSettings(given: WatchIdentityOptions): WatchSettings {
  const { interval = defaultInterval, backend } = given;
  checkInterval(interval);
  for (const name of ['complete', 'clock', 'onChange', 'onRefused', 'onExpired'] as const) {
    if (given[name] === undefined || typeof given[name] === 'function') continue;
    throw new TypeError(`${name}: expected a function, got ${typeof given[name]}`);
  }
  return {
    interval,
    ...(backend !== undefined && { backend }),
    complete: given.complete ?? ((identity) => identity),
    clock: given.clock ?? (() => Date.now()),
    onChange: given.onChange ?? (() => undefined),
    onRefused: given.onRefused ?? ((error) => warn(`files are refused: ${error.message}`)),
    onExpired: given.onExpired ?? ((error) => warn(error.message)),
  };
}

function warn(message: string): void {
  process.emitWarning(message, 'TlsWarning');
}
