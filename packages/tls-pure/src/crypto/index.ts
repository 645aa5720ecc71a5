export { aeadNonceLength, aeadTagLength, privateKeyLength } from './provider.ts';
export type {
  Aead,
  AeadAlgorithm,
  CryptoProvider,
  Curve,
  HashAlgorithm,
  IncrementalHash,
  KeyExchangeAlgorithm,
  KeyShare,
  PrivateKey,
  PrivateKeyInfo,
  PublicKey,
  PublicKeyInfo,
  SignatureAlgorithm,
} from './provider.ts';
