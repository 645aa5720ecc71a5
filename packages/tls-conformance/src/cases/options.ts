import type { ClientConfig, CommonConfig, ServerConfig, RoleCapabilities, TlsBackend } from '@org/tls-core';
import { clientOptions, serverOptions } from '@org/tls-core/backend';
import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { certificates, rootPem } from '../fixtures.ts';
import { certificateFor, identityFor, identityOf, MemorySink } from '../memory-pair.ts';
import { revocationListPem } from '../revocation-fixtures.ts';

/** A value for each option that is valid by the interface. */
const rightCommonValues: Required<CommonConfig> = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  cipherSuites: ['TLS_AES_128_GCM_SHA256'],
  groups: ['x25519'],
  signatureSchemes: ['ecdsa_secp256r1_sha256'],
  alpnProtocols: ['h2'],
  clock: () => Date.now(),
  random: (into) => {
    crypto.getRandomValues(into);
  },
  keyLog: false,
  verifyPeer: () => undefined,
  verifyResumedPeer: false,
  pins: [{ publicKeySha256: new Uint8Array(32) }],
  revocation: { crls: [revocationListPem] },
  certificateProfile: 'compatible',
  certificatePolicies: ['2.5.29.32.0'],
  isPublicSuffix: () => false,
  provenChains: 256,
  peerCertificateTypes: ['X509'],
  trustedPublicKeys: [],
  certificateCompressors: [],
  externalPsks: [],
  recordSizeLimit: 16_384,
  maxFragmentLength: 16_384,
  recordPadding: 1,
};

const rightClientValues: Required<ClientConfig> = {
  ...rightCommonValues,
  trust: rootPem,
  selectIdentity: () => undefined,
  certificateTypes: ['X509'],
  keyShares: ['x25519'],
  grease: false,
  permuteExtensions: false,
  ocspStapling: false,
  requestCertificateTimestamps: false,
  ticketRequest: { newSession: 1, resumption: 1 },
  certificateAuthorities: [],
  echGrease: false,
  requireSecureRenegotiation: true,
  fallback: false,
  identity: identityOf('ecdsa-p256'),
  sessionStore: { put: () => undefined, take: () => undefined },
  dangerous: { acceptAnyCertificate: false },
};

const rightServerValues: Required<ServerConfig> = {
  ...rightCommonValues,
  identity: identityOf('ecdsa-p256'),
  selectIdentity: () => undefined,
  selectContext: () => undefined,
  certificateAuthorities: [],
  sessionStore: { put: () => undefined, take: () => undefined },
  tickets: 2,
  renewTickets: true,
  sessionLifetimeSeconds: 7200,
  maxEarlyData: 0,
  retryCookie: false,
  postQuantumRetry: true,
  requirePsk: false,
  echKeys: [],
  dangerous: { acceptAnyClientCertificate: false },
  clientAuthentication: 'none',
  clientTrust: rootPem,
  ticketKeys: { current: () => [] },
  replayGuard: { firstUse: () => true },
};

const wrongValues: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['a list that is none', { cipherSuites: 'TLS_AES_128_GCM_SHA256' }, 'TypeError'],
  ['an empty list of groups', { groups: [] }, 'ERR_TLS_CONFIG'],
  ['a suite that does not exist', { cipherSuites: ['TLS_NULL_WITH_NULL_NULL'] }, 'ERR_TLS_UNSUPPORTED'],
  ['a version that does not exist', { minVersion: 'TLSv1.4' }, 'ERR_TLS_CONFIG'],
  ['a version that nobody should speak', { minVersion: 'TLSv1.1' }, 'ERR_TLS_CONFIG'],
  ['a minimum above the maximum', { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, 'ERR_TLS_CONFIG'],
  ['an empty protocol name', { alpnProtocols: [''] }, 'ERR_TLS_CONFIG'],
  ['a protocol name of 256 bytes', { alpnProtocols: ['x'.repeat(256)] }, 'ERR_TLS_CONFIG'],
  ['trust in a file’s name', { trust: 'roots.pem' }, 'ERR_TLS_CONFIG'],
  ['trust in nothing', { trust: [] }, 'ERR_TLS_CONFIG'],
  ['an unknown danger', { dangerous: { everything: true } }, 'TypeError'],
];

const wrongIdentities: readonly (readonly [string, unknown, string])[] = [
  [
    'a key that does not match its certificate',
    { certificateChain: certificates['ecdsa-p256'].chainPem, privateKey: certificates.wildcard.privateKeyPem },
    'ERR_TLS_IDENTITY',
  ],
  [
    'a key that is none',
    { certificateChain: certificates['ecdsa-p256'].chainPem, privateKey: 'no key' },
    'ERR_TLS_IDENTITY',
  ],
  [
    'a chain that is none',
    { certificateChain: 'no chain', privateKey: certificates['ecdsa-p256'].privateKeyPem },
    'ERR_TLS_IDENTITY',
  ],
  [
    'a chain of which a certificate is broken',
    {
      certificateChain: certificates['ecdsa-p256'].chainPem.replace(/\n[^-\n]+\n/, '\nAAAA\n'),
      privateKey: certificates['ecdsa-p256'].privateKeyPem,
    },
    'ERR_TLS_IDENTITY',
  ],
  [
    'a signer without a scheme for the key',
    {
      certificateChain: certificates['ecdsa-p256'].chainPem,
      signer: { signatureSchemes: ['ed25519'], sign: () => new Uint8Array(64) },
    },
    'ERR_TLS_IDENTITY',
  ],
  ['neither key nor signer', { certificateChain: certificates['ecdsa-p256'].chainPem }, 'ERR_TLS_CONFIG'],
  // A backend makes contexts at once, and does not derive keys while the event loop waits.
  ['PKCS#12, which has to be read before', { pfx: new Uint8Array(1), passphrase: '' }, 'TypeError'],
  [
    'a passphrase',
    {
      certificateChain: certificates['ecdsa-p256'].chainPem,
      privateKey: certificates['ecdsa-p256'].privateKeyPem,
      passphrase: '',
    },
    'TypeError',
  ],
  ['a JWK', { certificateChain: certificates['ecdsa-p256'].chainPem, privateKey: { kty: 'EC' } }, 'TypeError'],
];

/** Cases which show that no option is silently ignored. */
export const optionCases: readonly ConformanceCase[] = [
  {
    id: 'option/unsupported',
    title: 'an option is either claimed by the capabilities or refused by name with ERR_TLS_UNSUPPORTED',
    run: (roles) => {
      const { client, server } = roles;
      for (const option of clientOptions) {
        const config = { trust: rootPem, [option]: rightClientValues[option] };
        checkClaim(
          () => client.createClientContext(config),
          option,
          client.capabilities.client.options.includes(option),
        );
      }
      for (const option of serverOptions) {
        const base = option === 'identity' || option === 'selectIdentity' ? {} : { identity: identityFor(roles) };
        const value: unknown = option === 'identity' ? identityFor(roles) : rightServerValues[option];
        const config = { ...base, [option]: value };
        checkClaim(
          () => server.createServerContext(config),
          option,
          server.capabilities.server.options.includes(option),
        );
      }
    },
  },
  {
    id: 'option/unknown',
    title: 'an unknown option is a TypeError',
    run: ({ client, server }) => {
      const unknown = { rejectUnauthorized: false };
      expect(() => client.createClientContext(unknown as ClientConfig)).toThrow(TypeError);
      expect(() => server.createServerContext({ identity: identityOf('ecdsa-p256'), ...unknown })).toThrow(TypeError);
    },
  },
  {
    id: 'option/wrong-value',
    title: 'a wrong value is refused when the context is made',
    run: ({ client }) => {
      for (const [what, config, code] of wrongValues) {
        expect(
          codeOf(() => client.createClientContext(config)),
          what,
        ).toBe(code);
      }
    },
  },
  {
    id: 'option/session',
    title: 'a session is refused by name where resumption is not claimed',
    applies: ({ client }) => !client.capabilities.client.features.resumption,
    run: ({ client }) => {
      const context = client.createClientContext({ trust: rootPem });
      const session = {
        backend: client.name,
        protocol: 'TLSv1.3',
        serverName: 'localhost',
        receivedAt: 0,
        expiresAt: 0,
        maxEarlyData: 0,
        state: new Uint8Array(1),
      } as const;
      expect(() => context.createEngine({ serverName: 'localhost', session }, new MemorySink())).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'session' }),
      );
    },
  },
  ...(
    [
      ['earlyData', 'earlyData', true],
      ['echConfigList', 'ech', new Uint8Array(8)],
      ['unusableEchConfigs', 'ech', 'refuse'],
    ] as const
  ).map(([option, feature, value]): ConformanceCase => ({
    id: `option/engine-${option}`,
    title: `${option} is refused by name where ${feature} is not claimed`,
    applies: ({ client }) => !client.capabilities.client.features[feature],
    run: ({ client }) => {
      const context = client.createClientContext({ trust: rootPem });
      expect(() => context.createEngine({ serverName: 'localhost', [option]: value }, new MemorySink())).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option }),
      );
    },
  })),
  ...(
    [
      ['ocspResponse', 'ocspStapling', { ocspResponse: new Uint8Array(8) }],
      [
        'signedCertificateTimestamps',
        'signedCertificateTimestamps',
        { signedCertificateTimestamps: new Uint8Array(8) },
      ],
      ['rawPublicKey', 'rawPublicKeys', { certificateChain: undefined, rawPublicKey: new Uint8Array(8) }],
    ] as const
  ).map(([field, feature, value]): ConformanceCase => ({
    id: `option/identity-${field}`,
    title: `an identity with ${field} is refused where ${feature} is not claimed`,
    applies: ({ server }) => !server.capabilities.server.features[feature],
    run: (roles) => {
      const { server } = roles;
      const identity = { ...identityFor(roles), ...value };
      expect(codeOf(() => server.createServerContext({ identity } as ServerConfig))).toBe('ERR_TLS_UNSUPPORTED');
    },
  })),
  {
    id: 'option/server-name',
    title: 'a name that cannot be verified or sent is refused',
    run: ({ client }) => {
      const context = client.createClientContext({ trust: rootPem });
      for (const serverName of ['', 'a b', 'bücher.example', 'x'.repeat(256), '::1%lo', 'fe80::1%eth0']) {
        expect(() => context.createEngine({ serverName }, new MemorySink())).toThrow(
          expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'serverName' }),
        );
      }
    },
  },
  {
    id: 'option/engine-alpnProtocols',
    title: 'a protocol that cannot be offered is refused when the engine is made',
    run: ({ client }) => {
      const context = client.createClientContext({ trust: rootPem });
      for (const protocol of ['', 'x'.repeat(256)]) {
        expect(() =>
          context.createEngine({ serverName: 'localhost', alpnProtocols: [protocol] }, new MemorySink()),
        ).toThrow(expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'alpnProtocols' }));
      }
    },
  },
  {
    id: 'option/identity',
    title: 'an identity that cannot be used is refused when the context is made',
    run: ({ server }) => {
      for (const [what, identity, code] of wrongIdentities) {
        expect(
          codeOf(() => server.createServerContext({ identity } as ServerConfig)),
          what,
        ).toBe(code);
      }
      expect(codeOf(() => server.createServerContext({}))).toBe('ERR_TLS_CONFIG');
    },
  },
  {
    id: 'option/client-trust',
    title: 'a server that asks for certificates must say whom it trusts',
    applies: ({ server }) => server.capabilities.server.features.clientAuthentication,
    run: ({ server }) => {
      for (const clientAuthentication of ['request', 'require'] as const) {
        expect(() => server.createServerContext({ identity: identityOf('ecdsa-p256'), clientAuthentication })).toThrow(
          expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'clientTrust' }),
        );
      }
    },
  },
  {
    id: 'option/identity-forms',
    title: 'an identity is taken as PEM, in text and in bytes, as DER, and as a list of these',
    run: (roles) => {
      const { server } = roles;
      const { chainPem, privateKeyPem } = certificateFor(roles, 'underIntermediate');
      const certificateChain = blocksOf(chainPem);
      const [privateKey] = blocksOf(privateKeyPem);
      expect(certificateChain).toHaveLength(2);
      if (privateKey === undefined) throw new Error('the fixture has no key');
      const [leaf = '', issuer = ''] = chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
      const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
      for (const identity of [
        { certificateChain, privateKey },
        { certificateChain: chainPem, privateKey: privateKeyPem },
        { certificateChain: bytesOf(chainPem), privateKey: bytesOf(privateKeyPem) },
        { certificateChain: [leaf, bytesOf(issuer)], privateKey },
        { certificateChain: [certificateChain[0] ?? leaf, issuer], privateKey },
      ])
        expect(server.createServerContext({ identity }).role).toBe('server');
    },
  },
  {
    id: 'capability/shape',
    title: 'the capabilities are data, and name nothing twice; a role that is not there has none, and is refused',
    run: ({ client, server }) => {
      for (const backend of [client, server]) checkCapabilities(backend);
    },
  },
];

function checkClaim(make: () => unknown, option: string, isClaimed: boolean): void {
  if (isClaimed) {
    expect(make, `${option} is claimed`).not.toThrow();
    return;
  }
  expect(make, `${option} is not claimed`).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option }));
}

function checkCapabilities(backend: TlsBackend): void {
  expect(backend.interfaceVersion).toBe(1);
  const { client, server } = backend.capabilities;
  expect(client.protocols.length + server.protocols.length).toBeGreaterThan(0);
  checkRole(client, () => backend.createClientContext({ trust: rootPem }));
  checkRole(server, () => backend.createServerContext({ identity: identityOf('ecdsa-p256') }));
}

function checkRole(role: RoleCapabilities, createContext: () => unknown): void {
  const isThere = role.protocols.length > 0;
  for (const list of [role.protocols, role.cipherSuites, role.groups, role.signatureSchemes, role.options]) {
    expect(list.length > 0).toBe(isThere);
    expect(new Set(list).size).toBe(list.length);
  }
  if (isThere) return;
  expect(Object.values(role.features).some(Boolean)).toBe(false);
  expect(codeOf(createContext)).toBe('ERR_TLS_UNSUPPORTED');
}

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return error instanceof TypeError ? 'TypeError' : String((error as { readonly code?: unknown }).code);
  }
  return 'nothing was thrown';
}

function blocksOf(pem: string): readonly Uint8Array[] {
  return [...pem.matchAll(/-----BEGIN [^-]+-----([^-]+)-----END/g)].map(([, base64 = '']) =>
    Uint8Array.from(atob(base64.replaceAll('\n', '')), (character) => character.charCodeAt(0)),
  );
}
