import { decodeAlpnProtocol, TlsError, type ClientEngineOptions, type ConnectionInfo } from '@org/tls-core';
import { equalBytes } from '../crypto/bytes.ts';
import type { CipherSuite } from '../crypto/cipher-suites.ts';
import type { NamedGroup } from '../crypto/named-groups.ts';
import type { KeyShare } from '../crypto/provider.ts';
import type { Established } from '../handshake/application-keys.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyCertificateVerify, verifyFinished } from '../handshake/proofs.ts';
import { randomBytes, type ClientSettings } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { deriveApplicationSecrets, deriveHandshakeSecrets, finishSecrets } from '../handshake/traffic-secrets.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import { ExtensionType, refuseUnsolicited } from '../wire/extension.ts';
import { decodeAlpnChoice } from '../wire/extensions/alpn.ts';
import { decodeCookie } from '../wire/extensions/cookie.ts';
import { decodeSelectedGroup, decodeServerKeyShare } from '../wire/extensions/key-share.ts';
import { decodeServerNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { decodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeCertificateRequest } from '../wire/messages/certificate-request.ts';
import { encodeCertificate } from '../wire/messages/certificate.ts';
import { decodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { decodeServerHello, type ServerHello } from '../wire/messages/server-hello.ts';
import { makeClientHello, type ClientHelloState } from './make-client-hello.ts';
import { receiveServerCertificate } from './server-certificate.ts';

/** The client's side of a TLS 1.3 handshake (RFC 8446 §2), from ClientHello to Finished. */
export function* clientHandshake(
  io: HandshakeIo,
  settings: ClientSettings,
  options: ClientEngineOptions,
): Handshake<Established> {
  let hello = startHello(io, settings, options);
  let serverHello = yield* receiveServerHello(io, hello, undefined);
  const isRetry = serverHello.isHelloRetryRequest;
  const suite = chooseSuite(settings, serverHello);
  if (isRetry) {
    io.transcript.replaceWithMessageHash(suite.hash);
    addServerHello(io, serverHello);
    hello = retryHello(io, settings, hello, serverHello);
    serverHello = yield* receiveServerHello(io, hello, suite);
  }
  io.transcript.begin(suite.hash);
  addServerHello(io, serverHello);

  const schedule = new KeySchedule(io.crypto, suite);
  const { group, sharedSecret } = yield* agreeOnSecret(hello, serverHello);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, sharedSecret);
  io.openWith(schedule, handshakeSecrets.server);
  if (isCompatible(settings) && !isRetry) io.sendChangeCipherSpec();
  io.sealWith(schedule, handshakeSecrets.client);

  const alpnProtocol = yield* receiveEncryptedExtensions(io, hello);
  const first = yield* io.receive(HandshakeType.certificateRequest, HandshakeType.certificate);
  const isCertificateRequest = first.type === HandshakeType.certificateRequest;
  const certificateRequestContext = isCertificateRequest ? checkCertificateRequest(first.body) : undefined;
  const certificate = isCertificateRequest ? yield* io.receive(HandshakeType.certificate) : first;
  const { peer, publicKey } = yield* receiveServerCertificate(io, settings, hello, certificate.body);
  const signatureScheme = yield* verifyCertificateVerify(io, 'server', publicKey, settings.signatureSchemes);
  yield* verifyFinished(io, schedule, handshakeSecrets.server);

  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.openWith(schedule, secrets.server);
  // §4.4.2: a client that was asked and has no certificate says so with an empty list
  if (certificateRequestContext !== undefined) io.send(encodeCertificate(certificateRequestContext, []));
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.client, io.transcript.hash())));
  io.sealWith(schedule, secrets.client);

  const info: ConnectionInfo = Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role: 'client',
    protocol: 'TLSv1.3',
    cipherSuite: suite.name,
    group: group.name,
    signatureScheme,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName: options.serverName,
    resumed: false,
    helloRetryRequest: isRetry,
    earlyData: 'none',
    peer,
    clientAuthentication: isCertificateRequest ? 'requested' : 'none',
  });
  return { info, keys: finishSecrets(io, schedule, 'client', secrets, handshakeSecrets) };
}

function startHello(io: HandshakeIo, settings: ClientSettings, options: ClientEngineOptions): ClientHelloState {
  const [group] = settings.groups;
  if (group === undefined) throw new TlsError('ERR_TLS_CONFIG', 'groups: none is left to offer');
  const random = randomBytes(settings, 32);
  const legacySessionId = isCompatible(settings) ? randomBytes(settings, 32) : new Uint8Array(0);
  const keyShare = settings.generateKeyShare(group);
  const hello = makeClientHello(settings, options, { random, legacySessionId, group, keyShare, cookie: undefined });
  io.setLegacyRecordVersion(WireVersion.tls10); // §5.1: for the sake of old peers
  io.send(hello.message);
  return hello;
}

/** Whether to look like TLS 1.2 to what stands in between (RFC 8446 §D.4). */
function isCompatible({ overrides }: ClientSettings): boolean {
  return overrides.middleboxCompatibility ?? true;
}

/** ClientHello2 (RFC 8446 §4.1.2, §4.1.4). */
function retryHello(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  request: ServerHello,
): ClientHelloState {
  const cookieBody = request.extensions.get(ExtensionType.cookie);
  const groupBody = request.extensions.get(ExtensionType.keyShare);
  if (cookieBody === undefined && groupBody === undefined)
    throw illegal('HelloRetryRequest: it would change nothing (§4.1.4)');
  const cookie = cookieBody === undefined ? undefined : decodeCookie(cookieBody);
  const group = groupBody === undefined ? hello.group : wantedGroup(settings, hello, decodeSelectedGroup(groupBody));
  const keyShare = group === hello.group ? hello.keyShare : settings.generateKeyShare(group);
  if (isCompatible(settings)) io.sendChangeCipherSpec();
  const { random, legacySessionId, options } = hello;
  const retry = makeClientHello(settings, options, { random, legacySessionId, group, keyShare, cookie });
  io.setLegacyRecordVersion(WireVersion.tls12);
  io.send(retry.message);
  return retry;
}

/** §4.1.4: a group that we support, and for which we have not already sent a share. */
function wantedGroup(settings: ClientSettings, hello: ClientHelloState, id: number): NamedGroup {
  const group = settings.groups.find((each) => each.id === id);
  if (group === undefined) throw illegal(`HelloRetryRequest: group ${id} was not offered`);
  if (group === hello.group) throw illegal(`HelloRetryRequest: a share of ${group.name} was already sent`);
  return group;
}

/** The ServerHello that fits the ClientHello; not yet part of the transcript, which may have to change first. */
function* receiveServerHello(
  io: HandshakeIo,
  hello: ClientHelloState,
  retrySuite: CipherSuite | undefined,
): Handshake<ServerHelloMessage> {
  const message = yield* io.next(HandshakeType.serverHello);
  const serverHello = decodeServerHello(message.body);
  const versionBody = serverHello.extensions.get(ExtensionType.supportedVersions);
  if (versionBody === undefined) refuseOldVersion(serverHello);
  else if (decodeSelectedVersion(versionBody) !== WireVersion.tls13)
    throw illegal('ServerHello: supported_versions is not TLS 1.3 (§4.2.1)');
  if (serverHello.legacyVersion !== WireVersion.tls12)
    throw illegal('ServerHello: legacy_version is not 0x0303 (§4.1.3)');
  if (!equalBytes(serverHello.legacySessionIdEcho, hello.legacySessionId))
    throw illegal('ServerHello: legacy_session_id_echo differs (§4.1.3)');
  if (serverHello.legacyCompressionMethod !== 0)
    throw illegal('ServerHello: legacy_compression_method is not 0 (§4.1.3)');
  const { isHelloRetryRequest } = serverHello;
  const carrier = isHelloRetryRequest ? 'HelloRetryRequest' : 'ServerHello';
  // §4.1.4: the cookie is the one extension that comes unasked
  const allowed = isHelloRetryRequest ? new Set([...hello.offered, ExtensionType.cookie]) : hello.offered;
  refuseUnsolicited(serverHello.extensions, allowed, carrier);
  if (retrySuite !== undefined) {
    if (isHelloRetryRequest) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a second HelloRetryRequest (§4.1.4)');
    if (serverHello.cipherSuite !== retrySuite.id)
      throw illegal('ServerHello: not the cipher suite of the HelloRetryRequest (§4.1.4)');
  }
  return { ...serverHello, raw: message.raw };
}

interface ServerHelloMessage extends ServerHello {
  readonly raw: Uint8Array;
}

function addServerHello(io: HandshakeIo, { raw }: ServerHelloMessage): void {
  io.transcript.add(raw);
}

/** We offer TLS 1.3 only: anything older ends here, as a downgrade where the server says that it could do better (§4.1.3). */
function refuseOldVersion({ random, legacyVersion }: ServerHello): never {
  const sentinel = String.fromCharCode(...random.subarray(24));
  if (sentinel === 'DOWNGRD\u0001' || sentinel === 'DOWNGRD\u0000') {
    throw new TlsError(
      'ERR_TLS_DOWNGRADE',
      'the server supports TLS 1.3 and yet chose an older version: someone in between changed the handshake',
    );
  }
  throw new TlsError(
    'ERR_TLS_PROTOCOL_VERSION',
    `expected TLS 1.3, got a ServerHello of version 0x${legacyVersion.toString(16).padStart(4, '0')}`,
  );
}

function chooseSuite(settings: ClientSettings, { cipherSuite }: ServerHello): CipherSuite {
  const suite = settings.cipherSuites.find(({ id }) => id === cipherSuite);
  if (suite === undefined)
    throw illegal(`ServerHello: cipher suite 0x${cipherSuite.toString(16)} was not offered (§4.1.3)`);
  return suite;
}

function* agreeOnSecret(
  hello: ClientHelloState,
  serverHello: ServerHello,
): Handshake<{ group: NamedGroup; sharedSecret: Uint8Array }> {
  const body = serverHello.extensions.get(ExtensionType.keyShare);
  if (body === undefined) throw new TlsError('ERR_TLS_MISSING_EXTENSION', 'ServerHello: no key_share (§9.2)');
  const { group, keyExchange } = decodeServerKeyShare(body);
  if (group !== hello.group.id)
    throw illegal(`ServerHello: key_share of group ${group}, to which no share was sent (§4.2.8)`);
  return { group: hello.group, sharedSecret: yield* deriveSharedSecret(hello.keyShare, keyExchange) };
}

function* deriveSharedSecret(keyShare: KeyShare, peerPublicKey: Uint8Array): Handshake<Uint8Array> {
  return yield* settle(keyShare.deriveSharedSecret(peerPublicKey));
}

/** @returns the protocol that the server chose by ALPN */
function* receiveEncryptedExtensions(io: HandshakeIo, hello: ClientHelloState): Handshake<Uint8Array | undefined> {
  const { body } = yield* io.receive(HandshakeType.encryptedExtensions);
  const extensions = decodeEncryptedExtensions(body);
  refuseUnsolicited(extensions, hello.offered, 'EncryptedExtensions');
  const serverName = extensions.get(ExtensionType.serverName);
  if (serverName !== undefined) decodeServerNameAcknowledgement(serverName);
  const alpn = extensions.get(ExtensionType.applicationLayerProtocolNegotiation);
  if (alpn === undefined) return undefined;
  const chosen = decodeAlpnChoice(alpn);
  if (!hello.alpnProtocols.some((protocol) => equalBytes(protocol, chosen))) {
    throw illegal(
      'application_layer_protocol_negotiation: the server chose a protocol that was not offered (RFC 7301 §3.2)',
    );
  }
  return chosen;
}

/** @returns the certificate_request_context, to be sent back */
function checkCertificateRequest(body: Uint8Array): Uint8Array {
  const { certificateRequestContext, extensions } = decodeCertificateRequest(body);
  if (certificateRequestContext.length !== 0)
    throw illegal('CertificateRequest: its context is not empty in the handshake (§4.3.2)');
  if (!extensions.has(ExtensionType.signatureAlgorithms)) {
    throw new TlsError('ERR_TLS_MISSING_EXTENSION', 'CertificateRequest: no signature_algorithms (§4.3.2)');
  }
  return certificateRequestContext;
}

function illegal(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}
