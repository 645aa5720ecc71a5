import { TlsError, type Identity } from '@org/tls-core';
import { isDnsName, ownOptions } from '@org/tls-core/backend';
import type { DefaultName } from './identity-index.ts';
import { placesOf, type IdentitySources } from './identity-places.ts';
import { IdentitySet, type WatchedIdentities } from './identity-set.ts';
import { watchOptionNames, watchSettings, type WatchIdentityOptions } from './watch-options.ts';

/** Says how identities are watched. */
export interface WatchIdentitiesOptions extends Omit<WatchIdentityOptions, 'onChange'> {
  /** Is told what is in use when it is no longer the same. What it throws is the application's own uncaught exception. */
  readonly onChange?: (identities: readonly Identity[]) => void;
  /**
   * Names whose certificate is shown to a client that asks for no name, or for one that no certificate has. False: its handshake ends with
   * unrecognized_name (RFC 6066 §3). Default: the first of the identities.
   */
  readonly defaultName?: string | false;
}

/**
 * Reads the identities of a server with several names, and reads them again when they change. Each is refused by itself, and then the one that was
 * there stays.
 * @throws (rejects with) TypeError on an option of the wrong type; TlsError `ERR_TLS_CONFIG` on one out of range, `ERR_TLS_IDENTITY` when one
 *   of the list cannot be used, none of a folder's folders can, or none has the default name
 */
export async function watchIdentities(
  sources: IdentitySources,
  options: WatchIdentitiesOptions = {},
): Promise<WatchedIdentities> {
  const own = ownOptions(options, [...watchOptionNames, 'defaultName'], 'options');
  const { defaultName, onChange = () => undefined, ...others } = own;
  if (typeof onChange !== 'function') throw new TypeError(`onChange: expected a function, got ${typeof onChange}`);
  const settings = watchSettings(others);
  return IdentitySet.begin(placesOf(sources), { ...settings, defaultName: readDefaultName(defaultName), onChange });
}

function readDefaultName(given: unknown): DefaultName {
  if (given === undefined || given === false) return given;
  if (typeof given !== 'string') throw new TypeError(`defaultName: expected a host name or false, got ${typeof given}`);
  if (isDnsName(given)) return given.toLowerCase();
  throw new TlsError('ERR_TLS_CONFIG', 'defaultName: expected a host name', { option: 'defaultName' });
}
