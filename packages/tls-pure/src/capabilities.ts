import { features, type BackendCapabilities, type RoleCapabilities } from '@org/tls-core';
import { clientOptions, featuresAmong, serverOptions } from '@org/tls-core/backend';
import {
  groupsOf,
  preferredCipherSuites13,
  preferredCipherSuites12,
  schemesOf,
  type CryptoProvider,
} from '@org/tls-crypto';

/** What this backend can do over a given provider. */
export function capabilitiesOf(crypto: CryptoProvider): BackendCapabilities {
  const { hasHardwareAes } = crypto;
  const suites = [...preferredCipherSuites13(hasHardwareAes), ...preferredCipherSuites12(hasHardwareAes)];
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: suites.map(({ name }) => name),
    groups: groupsOf(crypto).map(({ name }) => name),
    signatureSchemes: schemesOf(crypto).map(({ name }) => name),
    features: featuresAmong(features),
  };
  return Object.freeze({
    client: Object.freeze({ ...role, options: clientOptions }),
    server: Object.freeze({ ...role, options: serverOptions }),
  });
}
