export type {
  CertificateSource,
  CryptoKeyLike,
  Jwk,
  KeyObjectLike,
  KeyPairSource,
  PassphraseSource,
  PfxSource,
  PrivateKeySource,
} from '@org/tls-core';
export { readPrivateKey } from './private-key.ts';
export type { OpenedKey } from './private-key.ts';
export { readIdentity } from './read-identity.ts';
