import type { BackendCapabilities, Feature, PeerVerifier, RoleCapabilities } from '@org/tls-core';
import { cipherSuiteNumbers, featuresAmong, namedGroupNumbers, signatureSchemeNumbers } from '@org/tls-core/backend';
import type { NativeLibrary, Platform } from '../border/addon.ts';
import { isOfTls13 } from './common-options.ts';
import { namesOf } from '../border/registry.ts';

/** What one platform can do. */
interface PlatformRow {
  /** Options of both roles. */
  readonly common: readonly string[];
  readonly client: readonly string[];
  readonly server: readonly string[];
  /** Options of a server whose library has post-quantum groups. */
  readonly postQuantumServer: readonly string[];
  readonly features: readonly Feature[];
}

/** The one table that tells platforms apart; the README's is made of it. */
export const platforms: Readonly<Record<Platform, PlatformRow>> = {
  openssl: {
    common: [
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
      'pins',
      'identity',
      'selectIdentity',
      'certificateAuthorities',
      'externalPsks',
      'dangerous',
    ],
    client: ['trust', 'sessionStore', 'ocspStapling', 'requireSecureRenegotiation', 'fallback'],
    server: [
      'selectContext',
      'clientAuthentication',
      'clientTrust',
      'requirePsk',
      'ticketKeys',
      'tickets',
      'sessionLifetimeSeconds',
      'maxEarlyData',
      'replayGuard',
    ],
    postQuantumServer: ['postQuantumRetry'],
    features: [
      'keyUpdate',
      'exporter',
      'resumption',
      'earlyData',
      'clientAuthentication',
      'asyncHooks',
      'keyLog',
      'ocspStapling',
      'externalPsk',
    ],
  },
  // the system's policy decides on algorithms, and the system keeps sessions to itself
  schannel: {
    common: [
      'minVersion',
      'maxVersion',
      'alpnProtocols',
      'clock',
      'verifyPeer',
      'pins',
      'identity',
      'selectIdentity',
      'dangerous',
    ],
    client: ['trust'],
    server: ['selectContext', 'clientAuthentication', 'clientTrust'],
    postQuantumServer: [],
    features: ['exporter', 'clientAuthentication', 'asyncHooks'],
  },
  secureTransport: {
    common: [
      'minVersion',
      'maxVersion',
      'cipherSuites',
      'clock',
      'verifyPeer',
      'pins',
      'identity',
      'selectIdentity',
      'dangerous',
    ],
    client: ['alpnProtocols', 'trust', 'ocspStapling', 'fallback'],
    server: ['selectContext', 'clientAuthentication', 'clientTrust', 'certificateAuthorities'],
    postQuantumServer: [],
    features: ['clientAuthentication', 'asyncHooks', 'ocspStapling'],
  },
};

/**
 * Tells what this backend can do over the library that is there.
 * @param verifier `undefined` for the platform's
 */
export function capabilitiesOf(library: NativeLibrary, verifier: PeerVerifier | undefined): BackendCapabilities {
  const row = platforms[library.name];
  // pins are looked for in the path, whoever has found it
  const options = [...new Set([...row.common, ...(verifier?.options ?? [])])];
  const groups = namesOf(namedGroupNumbers, library.groups);
  const role: Omit<RoleCapabilities, 'options'> = {
    protocols: library.cipherSuites.some(isOfTls13) ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.2'],
    cipherSuites: namesOf(cipherSuiteNumbers, library.cipherSuites),
    groups,
    signatureSchemes: namesOf(signatureSchemeNumbers, library.signatureSchemes),
    features: featuresAmong(row.features),
  };
  const postQuantumServer = groups.some((group) => group.includes('MLKEM')) ? row.postQuantumServer : [];
  return Object.freeze({
    client: Object.freeze({ ...role, options: [...new Set([...options, ...row.client])] }),
    server: Object.freeze({ ...role, options: [...new Set([...options, ...row.server, ...postQuantumServer])] }),
  });
}
