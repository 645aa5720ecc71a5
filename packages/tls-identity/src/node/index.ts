export type { IdentityFiles, IdentityFolder, PemFiles, PfxFile } from './identity-files.ts';
export { watchIdentities } from './watch-identities.ts';
export type { WatchIdentitiesOptions } from './watch-identities.ts';
export type { IdentitySources } from './identity-places.ts';
export type { WatchedIdentities } from './identity-set.ts';
export { watchIdentity } from './watch-identity.ts';
export type { WatchedIdentity } from './watch-identity.ts';
export type { WatchIdentityOptions } from './watch-options.ts';
