import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { MlDsa } from '../../src/crypto/provider.ts';
import { contextTag, DerTag } from '../../src/x509/der-reader.ts';
import { derElement } from '../../src/x509/der-writer.ts';

export const mlDsaParameterSets = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const satisfies readonly MlDsa[];

/** AlgorithmIdentifier without parameters (RFC 9881 §2). */
export const mlDsaAlgorithmIdentifiers: Readonly<Record<MlDsa, Uint8Array>> = {
  'ml-dsa-44': Buffer.from('300b0609608648016503040311', 'hex'),
  'ml-dsa-65': Buffer.from('300b0609608648016503040312', 'hex'),
  'ml-dsa-87': Buffer.from('300b0609608648016503040313', 'hex'),
};

/** The private key as FIPS 204 encodes it. */
export function expandedMlDsaKey(type: MlDsa, seed: Uint8Array): Uint8Array {
  const makers = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };
  return makers[type].keygen(seed).secretKey;
}

/** PrivateKeyInfo in one of the three forms of RFC 9881 §6. */
export function mlDsaPkcs8(
  type: MlDsa,
  { seed, expandedKey }: { readonly seed?: Uint8Array; readonly expandedKey?: Uint8Array },
): Uint8Array {
  const version = Uint8Array.of(DerTag.integer, 1, 0);
  const key = privateKeyOf(seed, expandedKey);
  return derElement(DerTag.sequence, version, mlDsaAlgorithmIdentifiers[type], derElement(DerTag.octetString, key));
}

function privateKeyOf(seed: Uint8Array | undefined, expandedKey: Uint8Array | undefined): Uint8Array {
  if (expandedKey === undefined) return derElement(contextTag(0, false), seed ?? new Uint8Array(0));
  const expanded = derElement(DerTag.octetString, expandedKey);
  if (seed === undefined) return expanded;
  return derElement(DerTag.sequence, derElement(DerTag.octetString, seed), expanded);
}
