import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isTlsError, type ConnectionInfo, type EarlyDataReason, type PeerInfo, type TlsSession } from '@org/tls-core';
import { certificateType, type Seen, type SharedState } from './contexts.ts';
import { ExchangeError } from './exchange-error.ts';
import { groupId, schemeId, suiteId } from './names.ts';
import type { TestConfig } from './test-config.ts';

const wireVersions: Readonly<Record<string, number>> = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** Checks what BoringSSL's shim checks when a handshake is done. */
export function checkConnection(
  config: TestConfig,
  info: ConnectionInfo,
  isResumption: boolean,
  shared: SharedState,
  seen: Seen,
): void {
  if (info.resumed !== (isResumption && !config.expectSessionMiss))
    throw new ExchangeError(info.resumed ? 'the session was resumed' : 'the session was not resumed');
  if (config.isServer && seen.hellos === 0) throw new ExchangeError('the hook `selectContext` was not asked');
  expectNumber('version', config.expectVersion, wireVersions[info.protocol] ?? 0);
  expectNumber('cipher suite', config.expectCipher, suiteId(info.cipherSuite));
  const [favourite = ''] = shared.backend.capabilities[info.role].cipherSuites;
  const expectedByHardware = favourite.includes('AES') ? config.expectCipherAes : config.expectCipherNoAes;
  expectNumber('cipher suite', expectedByHardware, suiteId(info.cipherSuite));
  expectNumber('group', config.expectCurveId, groupId(info.group ?? ''));
  const peerScheme = config.isServer ? info.clientSignatureScheme : info.signatureScheme;
  expectNumber('signature scheme', config.expectPeerSignatureAlgorithm, schemeId(peerScheme ?? ''));
  expect('server name', config.isServer ? config.expectServerName : undefined, info.serverName);
  expect('ALPN', (config.isServer ? config.selectAlpn : config.expectAlpn) ?? '', info.alpnProtocol ?? '');
  if (config.expectExtendedMasterSecret) expect('extended main secret', true, info.extendedMainSecret);
  if (config.expectHrr || config.expectNoHrr) expect('HelloRetryRequest', config.expectHrr, info.helloRetryRequest);
  expect('ECH', config.expectEchAccept, info.ech === 'accepted');
  checkEarlyData(config, info);
  checkPeer(config, info);
  checkVerifications(config, info, seen);
  if (!isResumption) checkStored(config, seen);
  if (config.expectSelectedCredential !== undefined)
    expect('credential', config.expectSelectedCredential, credentialOf(config, info));
  if (config.expectVerifyResult)
    expect('verify result', config.verifyFail ? 'failed' : 'ok', shared.verifyResult ?? 'ok');
  const [complaint] = seen.complaints;
  if (complaint !== undefined) throw new ExchangeError(complaint);
}

/** Gives the number of the credential that was used; the default one is -1. */
function credentialOf({ credentials }: TestConfig, { externalPskIdentity, identityIndex }: ConnectionInfo): number {
  if (externalPskIdentity !== undefined)
    return credentials.findIndex(({ type, pskIdentity }) => type === 'psk' && pskIdentity.equals(externalPskIdentity));
  const identities = credentials.filter(({ type }) => type !== 'psk');
  const used = identityIndex === undefined ? undefined : identities[identityIndex];
  return used === undefined ? -1 : credentials.indexOf(used);
}

/** BoringSSL's names for what became of early data. */
const reasons: Readonly<Record<string, EarlyDataReason>> = {
  accept: 'accepted',
  disabled: 'disabled',
  protocol_version: 'protocolVersion',
  no_session_offered: 'noSession',
  session_not_resumed: 'sessionNotResumed',
  unsupported_for_session: 'unsupportedForSession',
  hello_retry_request: 'helloRetryRequest',
  alpn_mismatch: 'alpnMismatch',
  ticket_age_skew: 'ticketAgeSkew',
  peer_declined: 'peerDeclined',
};

function checkEarlyData(config: TestConfig, { earlyData, earlyDataReason }: ConnectionInfo): void {
  const { expectAcceptEarlyData, expectRejectEarlyData, expectNoOfferEarlyData } = config;
  if (expectAcceptEarlyData) expect('early data', 'accepted', earlyData);
  if (expectRejectEarlyData && earlyData === 'accepted') throw new ExchangeError('early data was accepted');
  if (expectNoOfferEarlyData) expect('early data', 'none', earlyData);
  const { expectEarlyDataReason: reason } = config;
  if (reason === undefined) return;
  // A backend that cannot tell the reason only tells whether.
  if (earlyDataReason === undefined) expect('early data accepted', reason === 'accept', earlyData === 'accepted');
  else expect('early data', reasons[reason] ?? reason, earlyDataReason);
}

function checkPeer(config: TestConfig, info: ConnectionInfo): void {
  const { peer } = info;
  const [leaf] = peer?.chain ?? [];
  const expectsNone =
    config.expectNoPeerCert || info.externalPskIdentity !== undefined || config.expectPeerRpkSha256 !== undefined;
  if (expectsNone && leaf !== undefined) throw new ExchangeError('a certificate of the peer');
  if (!expectsNone && leaf === undefined && (!config.isServer || config.requireAnyClientCertificate))
    throw new ExchangeError('no certificate of the peer');
  expectBytes('OCSP response', config.expectOcspResponse, peer?.ocspResponse);
  expectBytes('SCT list', config.expectScts, peer?.signedCertificateTimestamps);
  if (config.expectPeerCertFile !== undefined) {
    const expected = certificatesOf(readFileSync(config.expectPeerCertFile, 'utf8'));
    expectBytes('certificates', Buffer.concat(expected), Buffer.concat(peer?.chain ?? []));
  }
  if (config.expectPeerCertificateType !== undefined)
    expect('certificate type', certificateType(config.expectPeerCertificateType), typeOf(peer));
  const key = peer?.rawPublicKey;
  const digest = key === undefined ? undefined : createHash('sha256').update(key).digest();
  expectBytes('raw public key', config.expectPeerRpkSha256, digest);
}

function certificatesOf(pem: string): readonly Buffer[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).raw);
}

/** A peer is judged once, and on a resumption only if the test wants that. */
function checkVerifications({ reverifyOnResume }: TestConfig, { peer, resumed }: ConnectionInfo, seen: Seen): void {
  const hasPeer = peer !== undefined && (peer.chain.length > 0 || peer.rawPublicKey !== undefined);
  const isJudged = hasPeer && (!resumed || reverifyOnResume);
  expect('verifications', isJudged ? 1 : 0, seen.verifications.length);
}

/** Checks whether a server keeps the session itself, under a session id. */
function checkStored({ expectSessionId, expectNoSessionId }: TestConfig, { hasStored }: Seen): void {
  if (expectSessionId || expectNoSessionId) expect('a stored session', expectSessionId, hasStored);
}

function typeOf(peer: PeerInfo | undefined): string {
  return peer?.rawPublicKey === undefined ? 'X509' : 'RawPublicKey';
}

/** Checks with which configurations a client is told to try again. */
export function checkRejectedEch(
  { expectEchRetryConfigs, expectNoEchRetryConfigs }: TestConfig,
  failure: unknown,
): void {
  if (expectEchRetryConfigs === undefined && !expectNoEchRetryConfigs) return;
  if (!isTlsError(failure) || failure.code !== 'ERR_TLS_ECH_REJECTED') return;
  if (expectNoEchRetryConfigs && failure.retryConfigs !== undefined) throw new ExchangeError('retry configs');
  expectBytes('retry configs', expectEchRetryConfigs, failure.retryConfigs);
}

/** Checks what the shim checks when a connection is over. @param offered the session that a client resumed, or tried to */
export function checkSession(
  config: TestConfig,
  info: ConnectionInfo,
  session: TlsSession | undefined,
  offered: TlsSession | undefined,
): void {
  if (config.isServer) return;
  if (info.protocol === 'TLSv1.2') {
    const isNewExpected = !config.expectNoSession && (!info.resumed || config.expectTicketRenewal);
    // Our client reports again a session that was resumed, because it was taken out of its store. The shim's clock stands still meanwhile.
    const isNew = session !== undefined && (offered === undefined || !equals(session.state, offered.state));
    expect('a new session', isNewExpected, isNew);
    return;
  }
  const expectsSession = !config.expectNoSession && !config.shimShutsDown;
  // BoringSSL does not read what comes while it shuts down.
  if (config.shimShutsDown) return;
  if (expectsSession !== (session !== undefined))
    throw new ExchangeError(session === undefined ? 'no session came' : 'a session came');
  if (session !== undefined && expectsSession)
    expect('early data of the session', config.expectTicketSupportsEarlyData, session.maxEarlyData > 0);
}

function expectNumber(what: string, expected: number, actual: number): void {
  if (expected !== 0) expect(what, expected, actual);
}

function equals(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function expectBytes(what: string, expected: Buffer | undefined, actual: Uint8Array | undefined): void {
  if (expected === undefined || (actual !== undefined && expected.equals(actual))) return;
  throw new ExchangeError(`${what}: it differs from what is expected`);
}

type Plain = string | number | boolean | undefined;

function expect(what: string, expected: Plain, actual: Plain): void {
  if (expected === undefined || expected === actual) return;
  throw new ExchangeError(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}
