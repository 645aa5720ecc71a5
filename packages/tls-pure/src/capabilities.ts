import {
  clientOptions,
  features,
  featuresAmong,
  serverOptions,
  type BackendCapabilities,
  type RoleCapabilities,
} from '@org/tls-core';
import { preferredCipherSuites } from './crypto/cipher-suites.ts';
import { namedGroups } from './crypto/named-groups.ts';
import type { CryptoProvider } from './crypto/provider.ts';
import { signatureSchemes } from './crypto/signature-schemes.ts';
import { preferredTls12CipherSuites } from './crypto/tls12-cipher-suites.ts';

/** What this backend can do over a given provider. */
export function capabilitiesOf(crypto: CryptoProvider): BackendCapabilities {
  const { hasHardwareAes } = crypto;
  const suites = [...preferredCipherSuites(hasHardwareAes), ...preferredTls12CipherSuites(hasHardwareAes)];
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: suites.map(({ name }) => name),
    groups: namedGroups.map(({ name }) => name),
    signatureSchemes: signatureSchemes.map(({ name }) => name),
    features: featuresAmong(features),
  };
  return Object.freeze({
    client: Object.freeze({ ...role, options: clientOptions }),
    server: Object.freeze({ ...role, options: serverOptions }),
  });
}
