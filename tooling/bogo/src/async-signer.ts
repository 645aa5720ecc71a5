import { constants, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { Signer } from '@org/tls-core';
import { later } from './later.ts';
import { schemeNames } from './names.ts';
import type { TestConfig } from './test-config.ts';
import { Unimplemented } from './unimplemented.ts';

/** Makes a signer that answers on another turn of the loop, as one does whose key is elsewhere. */
export function asyncSigner(config: TestConfig, pem: string): Signer {
  const key = createPrivateKey(pem);
  return {
    signatureSchemes: schemeNames.filter((name) => fits(key, name)),
    sign: (scheme, input) => later(config, () => signWith(key, scheme, input)),
  };
}

const prefixByType: Readonly<Record<string, readonly string[]>> = {
  rsa: ['rsa_pss_rsae', 'rsa_pkcs1'],
  'rsa-pss': ['rsa_pss_pss'],
  ec: ['ecdsa'],
  ed25519: ['ed25519'],
};

function fits(key: KeyObject, name: string): boolean {
  const prefixes = prefixByType[key.asymmetricKeyType ?? ''];
  if (prefixes === undefined) throw new Unimplemented(`a signer with a key of type ${key.asymmetricKeyType}`);
  return prefixes.some((prefix) => name.startsWith(prefix));
}

function signWith(key: KeyObject, scheme: string, input: Uint8Array): Uint8Array {
  if (scheme === 'ed25519') return sign(null, input, key);
  const digest = `sha${scheme.slice(-3)}`;
  if (!scheme.startsWith('rsa_pss')) return sign(digest, input, key);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return sign(digest, input, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
}
