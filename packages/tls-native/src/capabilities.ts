import type { BackendCapabilities, PeerVerifier, RoleCapabilities } from '@org/tls-core';
import type { NativeLibrary } from './addon.ts';
import { cipherSuites, groups, namesOf, signatureSchemes } from './registry.ts';

const commonOptions = [
  'minVersion',
  'maxVersion',
  'cipherSuites',
  'groups',
  'signatureSchemes',
  'alpnProtocols',
  'keyLog',
  'clock',
  'verifyPeer',
  'verifyResumedPeer',
  'identity',
  'selectIdentity',
  'certificateAuthorities',
  'externalPsks',
  'dangerous',
] as const;

/**
 * What this backend can do over the library that is there.
 * @param verifier `undefined`: the platform's
 */
export function capabilitiesOf(library: NativeLibrary, verifier: PeerVerifier | undefined): BackendCapabilities {
  // pins are looked for in the path, whoever has found it
  const options = [...commonOptions, ...new Set(['pins', ...(verifier?.options ?? [])])];
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: namesOf(cipherSuites, library.cipherSuites),
    groups: namesOf(groups, library.groups),
    signatureSchemes: namesOf(signatureSchemes, library.signatureSchemes),
    features: {
      keyUpdate: true,
      exporter: true,
      resumption: true,
      earlyData: true,
      clientAuthentication: true,
      asyncHooks: true,
      keyLog: true,
      ocspStapling: true,
      signedCertificateTimestamps: false,
      certificateCompression: false,
      rawPublicKeys: false,
      recordSizeLimit: false,
      externalPsk: true,
      pskImporter: false,
      ticketRequest: false,
      ech: false,
    },
  };
  return Object.freeze({
    client: Object.freeze({
      ...role,
      options: [...options, 'trust', 'sessionStore', 'ocspStapling', 'fallback'],
    }),
    server: Object.freeze({
      ...role,
      options: [
        ...options,
        'selectContext',
        'clientAuthentication',
        'clientTrust',
        'ticketKeys',
        'tickets',
        'sessionLifetimeSeconds',
        'maxEarlyData',
        'replayGuard',
      ],
    }),
  });
}
