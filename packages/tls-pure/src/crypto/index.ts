export { defaultCrypto } from '#default-provider';
export { aeadNonceLength, aeadTagLength, encapsulationLength, privateKeyLength } from './provider.ts';
export type {
  Aead,
  AeadAlgorithm,
  CryptoProvider,
  Curve,
  Ecdh,
  Encapsulation,
  HashAlgorithm,
  HybridAlgorithm,
  IncrementalHash,
  KeyExchangeAlgorithm,
  KeyShare,
  MlDsa,
  MlKem,
  PrivateKey,
  PrivateKeyInfo,
  PublicKey,
  PublicKeyInfo,
  SignatureAlgorithm,
} from './provider.ts';
export { keyFitsScheme, keyFitsScheme12, signatureSchemes } from './signature-schemes.ts';
export type { SignatureScheme } from './signature-schemes.ts';
