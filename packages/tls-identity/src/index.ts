export type { CertificateSource } from './chain.ts';
export type { CryptoKeyLike } from './crypto-key.ts';
export type { Jwk } from './jwk.ts';
export type { PassphraseSource } from './passphrase.ts';
export { readPrivateKey } from './private-key.ts';
export type { KeyObjectLike, OpenedKey, PrivateKeySource } from './private-key.ts';
export { readIdentity } from './read-identity.ts';
export type { KeyPairSource, Pkcs12Source } from './read-identity.ts';
