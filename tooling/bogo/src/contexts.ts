import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  AlertDescription,
  TlsError,
  type CertificateRequestInfo,
  type CertificateType,
  type ClientConfig,
  type ClientHelloInfo,
  type CommonConfig,
  type ExternalPsk,
  type Identity,
  type PeerVerification,
  type RoleCapabilities,
  type ServerConfig,
  type ServerSessionStore,
  type TlsBackend,
  type TicketKey,
} from '@org/tls-core';
import { asyncSigner } from './async-signer.ts';
import { mockCompressors } from './compressors.ts';
import { later } from './later.ts';
import { groupName, schemeName, suitesFrom, versionsFrom } from './names.ts';
import type { Credential, TestConfig } from './test-config.ts';
import { Unimplemented } from './unimplemented.ts';
import { withAlert } from './with-alert.ts';

/** What the connections of one test share. */
export interface SharedState {
  readonly backend: TlsBackend;
  /** The time in milliseconds since the epoch; it moves only when a test wants that. */
  clock: number;
  ticketKeys: readonly TicketKey[];
  readonly sessions: {
    put(identifier: Uint8Array, state: Uint8Array): void;
    take(identifier: Uint8Array): Uint8Array | undefined;
  };
  /** Whether the hook `verifyPeer` accepted the peer when it was asked last. */
  verifyResult: 'ok' | 'failed' | undefined;
}

/** What the hooks of one connection saw. */
export interface Seen {
  verifications: PeerVerification[];
  /** The expectations that did not hold. */
  complaints: string[];
  /** How many ClientHellos the server's hook saw. */
  hellos: number;
  /** Whether a server put a session into its store. */
  hasStored: boolean;
}

function commonConfig(config: TestConfig, shared: SharedState, seen: Seen): CommonConfig {
  const { curves, verifyPrefs, cipher, oneCertCompressionAlgorithm: one, maxSendFragment } = config;
  const compressors = mockCompressors.filter(({ algorithm }) => config.certCompression || algorithm === one);
  const psks = config.credentials.filter(({ type }) => type === 'psk');
  return {
    ...versionsFrom(config),
    clock: () => shared.clock,
    ...(config.exportTrafficSecrets ? { keyLog: true } : {}),
    ...(cipher === undefined ? {} : { cipherSuites: suitesFrom(cipher) }),
    ...(curves.length === 0 ? {} : { groups: curves.map((id) => groupName(id)) }),
    ...(verifyPrefs.length === 0 ? {} : { signatureSchemes: verifyPrefs.map((id) => schemeName(id)) }),
    ...(compressors.length === 0 ? {} : { certificateCompressors: compressors }),
    ...(maxSendFragment === 0 ? {} : { maxFragmentLength: maxSendFragment }),
    ...(psks.length === 0 ? {} : { externalPsks: psks.map((credential) => externalPsk(credential)) }),
    ...(config.acceptedPeerCertTypes.length === 0
      ? {}
      : { peerCertificateTypes: config.acceptedPeerCertTypes.map((type) => certificateType(type)) }),
    verifyResumedPeer: config.reverifyOnResume,
    verifyPeer: (verification) => later(config, () => verifyPeer(config, shared, seen, verification)),
  };
}

function externalPsk({ pskKey, pskIdentity, pskContext, pskHash }: Credential): ExternalPsk {
  return { identity: pskIdentity, key: pskKey, hash: pskHash, importer: { context: pskContext } };
}

export function certificateType(number: number): CertificateType {
  if (number === 0) return 'X509';
  if (number === 2) return 'RawPublicKey';
  throw new Unimplemented(`certificate type ${number}`);
}

/** With neither flag, BoringSSL goes on with a peer that it does not accept, and remembers that. */
function verifyPeer(config: TestConfig, shared: SharedState, seen: Seen, verification: PeerVerification): void {
  const { verifyPeer: verifies, requireAnyClientCertificate, isServer, expectPeerRpkSha256: expectedKey } = config;
  if (seen.verifications.push(verification) > 1) seen.complaints.push('certificate verified twice');
  const { expectEchNameOverride: override, expectNoEchNameOverride } = config;
  if (override !== undefined && verification.serverName !== override) seen.complaints.push('not the public name');
  if (expectNoEchNameOverride && !isServer && verification.serverName !== (config.hostName ?? '127.0.0.1'))
    seen.complaints.push('another name than the server’s');
  if (config.expectOcspResponse !== undefined && verification.ocspResponse === undefined)
    seen.complaints.push('OCSP response not available in the verify hook');
  if (config.useOcspCallback && !isServer && config.failOcspCallback)
    throw new TlsError('ERR_TLS_CERTIFICATE_STATUS', 'the OCSP response is refused');
  if (expectedKey !== undefined) {
    const key = verification.rawPublicKey;
    const digest = key === undefined ? undefined : createHash('sha256').update(key).digest();
    if (digest?.equals(expectedKey) !== true) throw new Error('another raw public key');
    return;
  }
  if (verification.rawPublicKey !== undefined) throw new Error('no raw public key is expected');
  shared.verifyResult = config.verifyFail ? 'failed' : 'ok';
  if (!config.verifyFail || !(verifies || requireAnyClientCertificate)) return;
  const rejected = new TlsError('ERR_TLS_CERTIFICATE_REJECTED', 'the test wants it so');
  // BoringSSL's older kind of callback sends another alert.
  throw config.usesCustomVerify ? rejected : withAlert(rejected, AlertDescription.handshakeFailure);
}

export function makeClientConfig(
  config: TestConfig,
  shared: SharedState,
  seen: Seen,
  withSigners: boolean,
): ClientConfig {
  const identities = identitiesOf(config, withSigners);
  const alpn = config.advertiseAlpn;
  if (config.noTicket) throw new Unimplemented('a client that takes no tickets');
  return {
    ...commonConfig(config, shared, seen),
    dangerous: { acceptAnyCertificate: true },
    ...(identities.length === 0 ? {} : { identity: identities }),
    ...(looksAtRequest(config)
      ? {
          selectIdentity: (request) =>
            later(config, () => {
              checkRequest(config, seen, request);
              return identities[0];
            }),
        }
      : {}),
    ...(config.availableClientCertTypes.length === 0
      ? {}
      : { certificateTypes: config.availableClientCertTypes.map((type) => certificateType(type)) }),
    ...(config.keyShares === undefined ? {} : { keyShares: config.keyShares.map((id) => groupName(id)) }),
    ...switches(shared.backend.capabilities.client, {
      grease: config.enableGrease,
      permuteExtensions: config.permuteExtensions,
      ocspStapling: config.enableOcspStapling,
      requestCertificateTimestamps: config.enableScts,
      echGrease: config.enableEchGrease,
      fallback: config.fallbackScsv,
      // BoringSSL accepts servers that do not know RFC 5746.
      requireSecureRenegotiation: false,
    }),
    ...(alpn === undefined ? {} : { alpnProtocols: protocolsOf(alpn) }),
  };
}

/** Sets options that are off only for a backend that has them; another one has nothing to switch off. */
function switches<Name extends string>(
  { options }: RoleCapabilities,
  wanted: Readonly<Record<Name, boolean>>,
): Partial<Readonly<Record<Name, boolean>>> {
  const given = Object.entries<boolean>(wanted).filter(([name, isOn]) => isOn || options.includes(name));
  return Object.fromEntries(given) as Partial<Record<Name, boolean>>;
}

/** Tells whether the hook replaces the list of identities, which it does only where a test looks at the request. */
function looksAtRequest({ failCertCallback, expectClientCaList, expectPeerVerifyPrefs }: TestConfig): boolean {
  return failCertCallback || expectClientCaList !== undefined || expectPeerVerifyPrefs.length > 0;
}

function checkRequest(config: TestConfig, seen: Seen, request: CertificateRequestInfo): void {
  if (config.failCertCallback) throw new Error('the test wants it so');
  const { expectClientCaList, expectPeerVerifyPrefs } = config;
  const names = request.certificateAuthorities.map((name) => Buffer.from(name).toString('hex')).join(',');
  const expected = expectClientCaList === '<EMPTY>' || expectClientCaList === '<NULL>' ? '' : expectClientCaList;
  if (expected !== undefined && names !== expected) seen.complaints.push(`client CA list is ${names}`);
  checkVerifyPrefs(expectPeerVerifyPrefs, request.signatureSchemes, seen);
}

function checkVerifyPrefs(expected: readonly number[], actual: readonly number[], seen: Seen): void {
  if (expected.length > 0 && expected.join() !== actual.join())
    seen.complaints.push(`the peer's signature schemes are ${actual.join()}`);
}

export function makeServerConfig(
  config: TestConfig,
  shared: SharedState,
  seen: Seen,
  withSigners: boolean,
): ServerConfig {
  const { requireAnyClientCertificate, verifyPeer: verifies, selectAlpn } = config;
  const identities = identitiesOf(config, withSigners);
  // With a pre-shared key, BoringSSL does without the certificate that it requires; here that becomes a request.
  const mustShow = requireAnyClientCertificate && !hasPsks(config);
  const asks = mustShow ? 'require' : requireAnyClientCertificate || verifies ? 'request' : 'none';
  const authorities = caListOf(config.clientCaList);
  const context = (hello: ClientHelloInfo) =>
    later(config, () => {
      checkHello(config, seen, hello);
      return undefined;
    });
  return {
    ...commonConfig(config, shared, seen),
    ...(identities.length > 0 ? { identity: identities } : {}),
    ...(identities.length === 0 && !hasPsks(config) ? { selectIdentity: () => undefined } : {}),
    ...(config.failCertCallback
      ? {
          selectIdentity: () => {
            throw new Error('the test wants it so');
          },
        }
      : {}),
    clientAuthentication: asks,
    ...(asks === 'none' ? {} : { dangerous: { acceptAnyClientCertificate: true } }),
    ...(authorities.length === 0 ? {} : { certificateAuthorities: authorities }),
    selectContext: context,
    ...(selectAlpn === undefined || selectAlpn === '' ? {} : { alpnProtocols: [selectAlpn] }),
    ...(config.rejectAlpn ? { alpnProtocols: ['the server wants something else'] } : {}),
    ticketKeys: { current: () => later(config, () => (config.skipTicket ? [] : shared.ticketKeys)) },
    ...(needsStore(config, shared) ? { sessionStore: sessionStore(config, shared, seen) } : {}),
    ...(config.noTicket ? { tickets: 0 } : {}),
    ...(config.enableEarlyData
      ? { maxEarlyData: 14_336, replayGuard: { firstUse: () => later(config, () => true) } }
      : {}),
    ...(config.echServerConfigs.length === 0 ? {} : { echKeys: echKeysOf(config) }),
  };
}

/** Tells whether a test gets a store: every test does, but for a backend without stores only those that need one. */
function needsStore({ expectSessionId, noTicket, resumeCount }: TestConfig, { backend }: SharedState): boolean {
  return (
    expectSessionId || (noTicket && resumeCount > 0) || backend.capabilities.server.options.includes('sessionStore')
  );
}

function sessionStore(config: TestConfig, shared: SharedState, seen: Seen): ServerSessionStore {
  return {
    put: (identifier, state) => {
      // The handshake does not wait for the store: it only matters that the store was asked.
      seen.hasStored = true;
      return later(config, () => shared.sessions.put(identifier, state));
    },
    take: (identifier) => later(config, () => shared.sessions.take(identifier)),
  };
}

function hasPsks({ credentials }: TestConfig): boolean {
  return credentials.some(({ type }) => type === 'psk');
}

function echKeysOf({ echServerConfigs, echServerKeys, echIsRetryConfig }: TestConfig) {
  return echServerConfigs.map((ech, index) => ({
    config: ech,
    privateKey: echServerKeys[index] ?? Buffer.alloc(0),
    isRetryConfig: echIsRetryConfig[index] === 1,
  }));
}

function checkHello(config: TestConfig, seen: Seen, hello: ClientHelloInfo): void {
  seen.hellos += 1;
  if (config.failDdosCallback) throw new Error('the test wants it so');
  if (config.failEarlyCallback) throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'connection rejected');
  checkVerifyPrefs(config.expectPeerVerifyPrefs, hello.signatureSchemes, seen);
  const { expectServerName, expectNoServerName, expectAdvertisedAlpn } = config;
  if (expectNoServerName && hello.serverName !== undefined) seen.complaints.push('a server name');
  if (expectServerName !== undefined && hello.serverName !== expectServerName)
    seen.complaints.push(`the server name is ${hello.serverName}`);
  const offered = Buffer.concat(
    hello.alpnProtocols.map((name) => Buffer.from(`${String.fromCharCode(name.length)}${name}`, 'latin1')),
  );
  if (expectAdvertisedAlpn !== undefined && !offered.equals(expectAdvertisedAlpn))
    seen.complaints.push(`the client offers ${hello.alpnProtocols.join()}`);
}

function caListOf(list: string | undefined): readonly Uint8Array[] {
  if (list === undefined || list === '<NULL>' || list === '<EMPTY>') return [];
  return list.split(',').map((name) => Buffer.from(name, 'hex'));
}

/** Gives the credentials in their order, with the default one last. */
function identitiesOf(config: TestConfig, withSigners: boolean): readonly Identity[] {
  const { defaultCredential } = config;
  return [...config.credentials, defaultCredential]
    .filter(({ type, keyFile }) => type !== 'psk' && keyFile !== undefined)
    .map((credential) => identityOf(config, credential, withSigners));
}

function identityOf(config: TestConfig, credential: Credential, withSigners: boolean): Identity {
  const { type, certFile, keyFile = '', signingPrefs, ocspResponse, scts, mustMatchIssuer } = credential;
  const pem = readFileSync(keyFile, 'utf8');
  const key = withSigners ? { signer: asyncSigner(config, pem) } : { privateKey: pem };
  const schemes = signingPrefs.length === 0 ? {} : { signatureSchemes: signingPrefs.map((id) => schemeName(id)) };
  if (type === 'rpk') {
    const rawPublicKey = createPublicKey(createPrivateKey(pem)).export({ format: 'der', type: 'spki' });
    return { rawPublicKey, ...key, ...schemes };
  }
  if (certFile === undefined) throw new Unimplemented('a key without a certificate');
  return {
    certificateChain: readFileSync(certFile, 'utf8'),
    ...key,
    ...schemes,
    ...(ocspResponse === undefined && !config.useOcspCallback
      ? {}
      : { ocspResponse: () => later(config, () => staple(config, ocspResponse)) }),
    ...(scts === undefined ? {} : { signedCertificateTimestamps: scts }),
    ...(mustMatchIssuer ? { mustMatchIssuer } : {}),
  };
}

function staple(config: TestConfig, ocspResponse: Buffer | undefined): Buffer | undefined {
  if (!config.useOcspCallback) return ocspResponse;
  if (config.failOcspCallback) throw new Error('the test wants it so');
  return config.declineOcspCallback ? undefined : ocspResponse;
}

/** Reads names that are in the form of the ALPN extension. */
function protocolsOf(list: Buffer): readonly Buffer[] {
  const protocols: Buffer[] = [];
  for (let at = 0; at < list.length;) {
    const length = list[at] ?? 0;
    protocols.push(list.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return protocols;
}
