export { ecdhShareLength, fieldLength, mlKems, x25519Length } from '../key-exchange.ts';
export { badShare, checkEcdhShare, keyExchangeOf, type Kem, type KemKeyPair, type KeyExchangeParts } from './kem.ts';
export { assertKeyFitsAlgorithm, keyFitsAlgorithm, type KeyUse } from './key-use.ts';
export { pooledRandomFill } from './random-pool.ts';
export { isUsableRsaKey, type RsaPublicKey } from './rsa-key.ts';
