import type { Identity, MaybePromise, SelectIdentity } from '@org/tls-core';
import type { CommonSettings } from '../handshake/settings.ts';
import type { LoadedIdentity } from '../x509/identity.ts';

/** A server's checked configuration in the engine's terms, shared by all connections of a context. */
export interface ServerSettings extends CommonSettings {
  /** In order of preference. */
  readonly identities: readonly MaybePromise<LoadedIdentity>[];
  readonly selectIdentity: SelectIdentity | undefined;
  /** Loads what `selectIdentity` chose; the same object is loaded once. */
  readonly loadIdentity: (identity: Identity) => MaybePromise<LoadedIdentity>;
}
