import { keyFitsAlgorithm } from '../provider-rules/key-use.ts';
import { isMlDsa, mlDsaKeyOf } from '../provider-rules/ml-dsa-key.ts';
import type { PrivateKey, PrivateKeyInfo, PublicKey, PublicKeyInfo } from '../provider.ts';
import { importClassicalPrivateKey, importClassicalPublicKey } from './classical-keys.ts';
import { importMlDsaPrivateKey, verifyMlDsa } from './ml-dsa.ts';

/** @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range */
export function importNoblePublicKey(info: PublicKeyInfo): PublicKey {
  const mlDsa = mlDsaKeyOf(info);
  if (mlDsa === undefined) return importClassicalPublicKey(info);
  return {
    info,
    verify: (algorithm, input, signature) =>
      keyFitsAlgorithm(info, algorithm) && verifyMlDsa(mlDsa.type, mlDsa.key, input, signature),
  };
}

/** @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used */
export function importNoblePrivateKey(info: PrivateKeyInfo): PrivateKey {
  return isMlDsa(info.type) ? importMlDsaPrivateKey(info.type, info) : importClassicalPrivateKey(info);
}
