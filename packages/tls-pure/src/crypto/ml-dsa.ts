import type { MlDsaParameterSet } from './provider.ts';

/** Bytes of what ML-DSA encodes (FIPS 204 §4, table 2). */
export interface MlDsaLengths {
  readonly publicKey: number;
  readonly expandedKey: number;
  readonly signature: number;
}

export const mlDsaLengths: Readonly<Record<MlDsaParameterSet, MlDsaLengths>> = {
  mldsa44: { publicKey: 1312, expandedKey: 2560, signature: 2420 },
  mldsa65: { publicKey: 1952, expandedKey: 4032, signature: 3309 },
  mldsa87: { publicKey: 2592, expandedKey: 4896, signature: 4627 },
};

/** Bytes of the seed ξ, from which all parameter sets make their keys. */
export const mlDsaSeedLength = 32;

export function isMlDsa(type: string): type is MlDsaParameterSet {
  return Object.hasOwn(mlDsaLengths, type);
}

/** AlgorithmIdentifier without parameters (RFC 9881 §2): 2.16.840.1.101.3.4.3.17, .18 and .19. */
export const mlDsaAlgorithmIdentifiers: Readonly<Record<MlDsaParameterSet, Uint8Array>> = {
  mldsa44: algorithmIdentifier(17),
  mldsa65: algorithmIdentifier(18),
  mldsa87: algorithmIdentifier(19),
};

function algorithmIdentifier(arc: number): Uint8Array {
  return Uint8Array.of(0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, arc);
}
