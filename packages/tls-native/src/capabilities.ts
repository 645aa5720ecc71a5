import type { BackendCapabilities, Feature, PeerVerifier, RoleCapabilities } from '@org/tls-core';
import type { NativeLibrary, Platform } from './addon.ts';
import { isOfTls13 } from './common-options.ts';
import { cipherSuites, groups, namesOf, signatureSchemes } from './registry.ts';

/** Of both roles, where the algorithms are the system's policy, and sessions its own affair. */
const systemsOptions = [
  'minVersion',
  'maxVersion',
  'alpnProtocols',
  'clock',
  'verifyPeer',
  'identity',
  'selectIdentity',
  'dangerous',
] as const;

/** Of both roles. */
const commonOptions: Readonly<Record<Platform, readonly string[]>> = {
  openssl: [
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
  ],
  schannel: systemsOptions,
  secureTransport: systemsOptions,
};

const clientOptions: Readonly<Record<Platform, readonly string[]>> = {
  openssl: ['trust', 'sessionStore', 'ocspStapling', 'fallback'],
  schannel: ['trust'],
  secureTransport: ['trust'],
};

const serverOptions: Readonly<Record<Platform, readonly string[]>> = {
  openssl: [
    'selectContext',
    'clientAuthentication',
    'clientTrust',
    'ticketKeys',
    'tickets',
    'sessionLifetimeSeconds',
    'maxEarlyData',
    'replayGuard',
  ],
  schannel: ['selectContext', 'clientAuthentication', 'clientTrust'],
  secureTransport: ['selectContext', 'clientAuthentication', 'clientTrust'],
};

const features: Readonly<Record<Platform, Readonly<Partial<Record<Feature, true>>>>> = {
  openssl: {
    keyUpdate: true,
    exporter: true,
    resumption: true,
    earlyData: true,
    clientAuthentication: true,
    asyncHooks: true,
    keyLog: true,
    ocspStapling: true,
    externalPsk: true,
  },
  schannel: { exporter: true, clientAuthentication: true, asyncHooks: true },
  secureTransport: { clientAuthentication: true, asyncHooks: true },
};

const noFeatures: Readonly<Record<Feature, boolean>> = {
  keyUpdate: false,
  exporter: false,
  resumption: false,
  earlyData: false,
  clientAuthentication: false,
  asyncHooks: false,
  keyLog: false,
  ocspStapling: false,
  signedCertificateTimestamps: false,
  certificateCompression: false,
  rawPublicKeys: false,
  recordSizeLimit: false,
  externalPsk: false,
  pskImporter: false,
  ticketRequest: false,
  ech: false,
};

/**
 * What this backend can do over the library that is there.
 * @param verifier `undefined`: the platform's
 */
export function capabilitiesOf(library: NativeLibrary, verifier: PeerVerifier | undefined): BackendCapabilities {
  const { name: platform } = library;
  // pins are looked for in the path, whoever has found it
  const options = [...commonOptions[platform], ...new Set(['pins', ...(verifier?.options ?? [])])];
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: library.cipherSuites.some(isOfTls13) ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.2'],
    cipherSuites: namesOf(cipherSuites, library.cipherSuites),
    groups: namesOf(groups, library.groups),
    signatureSchemes: namesOf(signatureSchemes, library.signatureSchemes),
    features: { ...noFeatures, ...features[platform] },
  };
  return Object.freeze({
    client: Object.freeze({ ...role, options: [...options, ...clientOptions[platform]] }),
    server: Object.freeze({ ...role, options: [...options, ...serverOptions[platform]] }),
  });
}
