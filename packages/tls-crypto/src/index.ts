export { defaultCrypto } from '#default-provider';
export { cipherSuites, preferredCipherSuites, type CipherSuite } from './cipher-suites.ts';
export { hkdfExpand, hkdfExtract } from './hkdf.ts';
export { namedGroups, type NamedGroup } from './named-groups.ts';
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
export { bitLength, maxExponentLength, maxModulusBits } from './rsa-key.ts';
export { keyFitsScheme, keyFitsScheme12, signatureSchemes, type SignatureScheme } from './signature-schemes.ts';
export { preferredTls12CipherSuites, tls12CipherSuites, type Tls12CipherSuite } from './tls12-cipher-suites.ts';
