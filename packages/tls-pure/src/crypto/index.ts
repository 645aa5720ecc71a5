export { defaultCrypto } from '#default-provider';
export { aeadNonceLength, aeadTagLength, encapsulationLength, privateKeyLength } from './provider.ts';
export type {
  Aead,
  AeadAlgorithm,
  CryptoProvider,
  Curve,
  Encapsulation,
  HashAlgorithm,
  IncrementalHash,
  KeyExchangeAlgorithm,
  KeyShare,
  MlDsa,
  PrivateKey,
  PrivateKeyInfo,
  PublicKey,
  PublicKeyInfo,
  SignatureAlgorithm,
} from './provider.ts';
export { keyFitsScheme, keyFitsScheme12, signatureSchemes } from './signature-schemes.ts';
export type { SignatureScheme } from './signature-schemes.ts';
