import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';

export const mlDsaParameterSets = ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const;

/** A parameter set of ML-DSA (FIPS 204 §4). */
export type MlDsaParameterSet = (typeof mlDsaParameterSets)[number];

/** The AlgorithmIdentifiers, which have no parameters (RFC 9881 §2). */
export const mlDsaAlgorithmIdentifiers: Readonly<Record<MlDsaParameterSet, Uint8Array>> = {
  'ml-dsa-44': Buffer.from('300b0609608648016503040311', 'hex'),
  'ml-dsa-65': Buffer.from('300b0609608648016503040312', 'hex'),
  'ml-dsa-87': Buffer.from('300b0609608648016503040313', 'hex'),
};

/** Gives the private key as FIPS 204 encodes it. */
export function expandedMlDsaKey(type: MlDsaParameterSet, seed: Uint8Array): Uint8Array {
  const makers = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };
  return makers[type].keygen(seed).secretKey;
}

/** Writes a PrivateKeyInfo in one of the three forms of RFC 9881 §6. */
export function mlDsaPkcs8(
  type: MlDsaParameterSet,
  { seed, expandedKey }: { readonly seed?: Uint8Array; readonly expandedKey?: Uint8Array },
): Uint8Array {
  const version = Uint8Array.of(2, 1, 0);
  const key = privateKeyOf(seed, expandedKey);
  return der(sequence, version, mlDsaAlgorithmIdentifiers[type], der(octetString, key));
}

function privateKeyOf(seed: Uint8Array | undefined, expandedKey: Uint8Array | undefined): Uint8Array {
  if (expandedKey === undefined) return der(contextZero, seed ?? new Uint8Array(0));
  const expanded = der(octetString, expandedKey);
  if (seed === undefined) return expanded;
  return der(sequence, der(octetString, seed), expanded);
}

const sequence = 0x30;
const octetString = 4;
const contextZero = 0x80;

/** Writes a DER element around the given contents, one after the other. */
function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}
