export { defaultCrypto } from '#default-provider';
export { cipherSuites13, preferredCipherSuites13, type CipherSuite13 } from './tables/cipher-suites-13.ts';
export { hkdfExpand, hkdfExpandBlock, hkdfExtract } from './hkdf.ts';
export { keySharesAhead, type KeySharesAheadOptions } from './provider-rules/key-shares-ahead.ts';
export { groupsOf, namedGroups, type NamedGroup } from './tables/named-groups.ts';
export {
  encapsulationLength,
  privateKeyLength,
  type Ecdh,
  type EcdhCurve,
  type HybridAlgorithm,
  type KemAlgorithm,
  type KeyExchangeAlgorithm,
  type MlKem,
} from './key-exchange.ts';
export { aeadNonceLength, aeadTagLength, hashLength, maxSpanRecords, spanPlaceLength } from './provider.ts';
export { openSpan, sealSpan } from './provider-rules/record-by-record.ts';
export type {
  Aead,
  AeadAlgorithm,
  AeadSpan,
  CryptoProvider,
  Curve,
  Encapsulation,
  HashAlgorithm,
  IncrementalHash,
  KeyShare,
  MlDsa,
  PrivateKey,
  PrivateKeyInfo,
  PublicKey,
  PublicKeyInfo,
  SignatureAlgorithm,
} from './provider.ts';
export { bitLength, maxExponentLength, maxModulusBits } from './provider-rules/rsa-key.ts';
export {
  keyFitsScheme,
  keyFitsScheme12,
  schemesOf,
  signatureSchemes,
  type SignatureScheme,
} from './tables/signature-schemes.ts';
export { preferredCipherSuites12, cipherSuites12, type CipherSuite12 } from './tables/cipher-suites-12.ts';
