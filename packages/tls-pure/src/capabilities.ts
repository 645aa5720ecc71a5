import type { BackendCapabilities, RoleCapabilities } from '@org/tls-core';
import { clientOptions, serverOptions } from '@org/tls-core/backend';
import {
  preferredCipherSuites,
  namedGroups,
  type CryptoProvider,
  signatureSchemes,
  preferredTls12CipherSuites,
} from '@org/tls-crypto';

/** What this backend can do over a given provider. */
export function capabilitiesOf(crypto: CryptoProvider): BackendCapabilities {
  const { hasHardwareAes } = crypto;
  const suites = [...preferredCipherSuites(hasHardwareAes), ...preferredTls12CipherSuites(hasHardwareAes)];
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: suites.map(({ name }) => name),
    groups: namedGroups.map(({ name }) => name),
    signatureSchemes: signatureSchemes.map(({ name }) => name),
    features: {
      keyUpdate: true,
      exporter: true,
      resumption: true,
      earlyData: true,
      clientAuthentication: true,
      asyncHooks: true,
      keyLog: true,
      ocspStapling: true,
      signedCertificateTimestamps: true,
      certificateCompression: true,
      rawPublicKeys: true,
      recordSizeLimit: true,
      externalPsk: true,
      pskImporter: true,
      ticketRequest: true,
      ech: true,
    },
  };
  return Object.freeze({
    client: Object.freeze({ ...role, options: clientOptions }),
    server: Object.freeze({ ...role, options: serverOptions }),
  });
}
