import type { MlDsa, PublicKeyInfo } from '../provider.ts';

const parameterSets: Readonly<Record<MlDsa, true>> = { 'ml-dsa-44': true, 'ml-dsa-65': true, 'ml-dsa-87': true };

export function isMlDsa(type: string): type is MlDsa {
  return Object.hasOwn(parameterSets, type);
}

/** Gives the key of an ML-DSA key. @returns `undefined` for a key of another type */
export function mlDsaKeyOf(info: PublicKeyInfo): { readonly type: MlDsa; readonly key: Uint8Array } | undefined {
  return 'key' in info && isMlDsa(info.type) ? { type: info.type, key: info.key } : undefined;
}
