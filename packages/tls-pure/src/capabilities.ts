import type { BackendCapabilities, RoleCapabilities } from '@org/tls-core';
import { preferredCipherSuites } from './crypto/cipher-suites.ts';
import { namedGroups } from './crypto/named-groups.ts';
import type { CryptoProvider } from './crypto/provider.ts';
import { signatureSchemes } from './crypto/signature-schemes.ts';

const commonOptions = [
  'minVersion',
  'maxVersion',
  'cipherSuites',
  'groups',
  'signatureSchemes',
  'alpnProtocols',
  'clock',
  'random',
  'keyLog',
] as const;

/** What this backend can do over a given provider. */
export function capabilitiesOf(crypto: CryptoProvider): BackendCapabilities {
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: ['TLSv1.3'],
    cipherSuites: preferredCipherSuites(crypto.hasHardwareAes).map(({ name }) => name),
    groups: namedGroups.map(({ name }) => name),
    signatureSchemes: signatureSchemes.map(({ name }) => name),
    features: {
      keyUpdate: true,
      exporter: true,
      resumption: false,
      earlyData: false,
      clientAuthentication: false,
      asyncHooks: true,
      keyLog: true,
      ocspStapling: false,
      externalPsk: false,
      ech: false,
    },
  };
  return Object.freeze({
    client: Object.freeze({ ...role, options: [...commonOptions, 'verifyPeer', 'trust', 'dangerous'] }),
    server: Object.freeze({ ...role, options: [...commonOptions, 'identity', 'selectIdentity'] }),
  });
}
