import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { TlsError } from '@org/tls-core';
import { DerTag } from '../../x509/der-reader.ts';
import { derElement } from '../../x509/der-writer.ts';
import { copyBytes, equalBytes, equalSecret } from '../bytes.ts';
import { assertKeyFitsAlgorithm } from '../key-use.ts';
import { mlDsaAlgorithmIdentifiers } from '../ml-dsa.ts';
import type { MlDsaParameterSet, PrivateKey, PrivateKeyInfo, PublicKey, PublicKeyInfo } from '../provider.ts';

const parameterSets = { mldsa44: ml_dsa44, mldsa65: ml_dsa65, mldsa87: ml_dsa87 } as const satisfies Readonly<
  Record<MlDsaParameterSet, unknown>
>;

export type MlDsaPublicKeyInfo = Extract<PublicKeyInfo, { readonly type: MlDsaParameterSet }>;

/** ML-DSA with an empty context (FIPS 204 §5.2; draft-ietf-tls-mldsa §3, RFC 9881 §3). Every string of the right length is a public key. */
export function importNobleMlDsaPublicKey(info: MlDsaPublicKeyInfo): PublicKey {
  const { verify } = parameterSets[info.type];
  return {
    info,
    verify(algorithm, input, signature) {
      if (algorithm.type !== info.type) return false;
      try {
        return verify(signature, input, info.key);
      } catch {
        return false; // noble throws on what is malformed
      }
    },
  };
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key is malformed or its parts do not belong together */
export function importNobleMlDsaPrivateKey(type: MlDsaParameterSet, info: PrivateKeyInfo): PrivateKey {
  const { secretKey, publicKey } = keyPair(type, info);
  const subjectPublicKey = derElement(DerTag.bitString, Uint8Array.of(0), publicKey);
  const publicKeySpki = derElement(DerTag.sequence, mlDsaAlgorithmIdentifiers[type], subjectPublicKey);
  return {
    info: { type },
    publicKeySpki,
    sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);
      // hedged: noble draws fresh randomness (FIPS 204 §3.4)
      return parameterSets[type].sign(input, secretKey);
    },
  };
}

interface MlDsaKeyPair {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

function keyPair(type: MlDsaParameterSet, { secret, expandedKey }: PrivateKeyInfo): MlDsaKeyPair {
  if (secret === undefined) return fromExpandedKey(type, expandedKey);
  const pair = orBadKey(() => parameterSets[type].keygen(copyBytes(secret)));
  // RFC 9881 §8.2: where both are given they must agree
  if (expandedKey !== undefined && !equalSecret(pair.secretKey, expandedKey))
    throw badKey('the expanded ML-DSA key is not that of the seed');
  return pair;
}

/** The hash of the public key, tr, lies behind ρ and K (FIPS 204, algorithm 24). */
const trOffset = 64;
const trLength = 64;

function fromExpandedKey(type: MlDsaParameterSet, expandedKey: Uint8Array | undefined): MlDsaKeyPair {
  if (expandedKey === undefined) throw badKey('the ML-DSA key has neither a seed nor an expanded key');
  const secretKey = copyBytes(expandedKey);
  const publicKey = orBadKey(() => parameterSets[type].getPublicKey(secretKey));
  const tr = secretKey.subarray(trOffset, trOffset + trLength);
  if (!equalBytes(tr, shake256(publicKey, { dkLen: trLength })))
    throw badKey('the expanded ML-DSA key contradicts itself');
  return { secretKey, publicKey };
}

function orBadKey<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw badKey('the ML-DSA key is malformed', cause);
  }
}

function badKey(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_IDENTITY', message, { cause });
}
