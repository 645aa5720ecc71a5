import type { ClientConfig, Feature, ServerConfig } from '@org/tls-core';

/** The options that the library is told as they are, by their own names. `LibraryOptions` of native/provider.hh reads them. */
export const libraryOptionNames = [
  'keyLog',
  'fallback',
  'requireSecureRenegotiation',
  'postQuantumRetry',
  'requirePsk',
  'maxEarlyData',
] as const satisfies readonly (keyof ClientConfig | keyof ServerConfig)[];

export type LibraryOptions = Pick<Required<ClientConfig & ServerConfig>, (typeof libraryOptionNames)[number]>;

export type Platform = 'openssl' | 'schannel' | 'secureTransport';

/** What one platform can do. */
interface PlatformRow {
  /** Options of both roles. */
  readonly common: readonly string[];
  /** Options of both roles that the library’s own verifier honours. */
  readonly ofVerifier: readonly string[];
  readonly client: readonly string[];
  readonly server: readonly string[];
  /** Options of a server whose library has post-quantum groups. */
  readonly postQuantumServer: readonly string[];
  readonly features: readonly Feature[];
  /** Whether a server's every ClientHello is shown to us, because the library does not judge its server_name. */
  readonly showsClientHello: boolean;
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
    ofVerifier: ['provenChains'],
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
    showsClientHello: false,
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
    ofVerifier: [],
    client: ['trust'],
    server: ['selectContext', 'clientAuthentication', 'clientTrust'],
    postQuantumServer: [],
    features: ['exporter', 'clientAuthentication', 'asyncHooks'],
    showsClientHello: true,
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
    ofVerifier: [],
    client: ['alpnProtocols', 'trust', 'ocspStapling', 'fallback'],
    server: ['selectContext', 'clientAuthentication', 'clientTrust', 'certificateAuthorities'],
    postQuantumServer: [],
    features: ['clientAuthentication', 'asyncHooks', 'ocspStapling'],
    showsClientHello: false,
  },
};
