import { AlertDescription, TlsError, type CertificateType, type ConnectionInfo } from '@org/tls-core';
import { decodeAlpnProtocol, copyBytes } from '@org/tls-core/backend';
import type { Tls12CipherSuite } from '@org/tls-crypto';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { currentOcspResponse } from '../handshake/own-certificate.ts';
import { askVerifyPeer, verifyPeerCertificate } from '../handshake/peer-verification.ts';
import { isTls12Scheme, verifyFinished12, verifySignature12 } from '../handshake/proofs-12.ts';
import { randomBytes } from '../handshake/settings.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import { makeTls12Keys, startTls12Keys, type Tls12Keys } from '../handshake/tls12-keys.ts';
import type { SessionState } from '../session/session-state.ts';
import type { Extension } from '../wire/extension.ts';
import { extendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { sessionTicket } from '../wire/extensions/session-ticket.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { HandshakeType, handshakeTypeName } from '../wire/handshake-message.ts';
import { encodeCertificateStatus } from '../wire/messages/certificate-status.ts';
import { decodeCertificateVerify } from '../wire/messages/certificate-verify.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { encodeServerHello } from '../wire/messages/server-hello.ts';
import { ClientCertificateType, encodeTls12CertificateRequest } from '../wire/messages/tls12/certificate-request.ts';
import { decodeTls12Certificate, encodeTls12Certificate } from '../wire/messages/tls12/certificate.ts';
import { decodeClientKeyExchange } from '../wire/messages/tls12/client-key-exchange.ts';
import type { HelloRandoms } from '../wire/messages/tls12/hello-randoms.ts';
import { encodeTls12NewSessionTicket } from '../wire/messages/tls12/new-session-ticket.ts';
import { encodeServerHelloDone } from '../wire/messages/tls12/server-hello-done.ts';
import {
  encodeServerEcdhParams,
  encodeServerKeyExchange,
  signedParams,
} from '../wire/messages/tls12/server-key-exchange.ts';
import { chooseAlpn, chooseClientCertificateType } from './choices.ts';
import { noClientProof, type ClientProof } from './client-certificate.ts';
import { applyOffers } from './apply-offers.ts';
import { checkClientHello12 } from './client-hello-checks.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
import { serverHelloExtensions12 } from './server-hello-extensions-12.ts';
import { resumable, saveSession, storeSession } from './server-sessions.ts';
import type { ServerSettings } from './server-settings.ts';
import { chooseFull, findSession12 } from './tls12-choices.ts';

/** The server's side of a TLS 1.2 handshake (RFC 5246 §7.3), from a ClientHello that is not yet part of the transcript. */
export function* serverHandshake12(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
): Handshake<Established> {
  checkClientHello12(hello);
  io.refuseExcess();
  applyOffers(io, settings, hello, 'TLSv1.2');
  const found = yield* findSession12(io, settings, hello);
  if (found !== undefined) return yield* abbreviatedHandshake(io, settings, hello, found.session, found.suite);
  return yield* fullHandshake(io, settings, hello);
}

function* fullHandshake(io: HandshakeIo, settings: ServerSettings, hello: ClientHelloMessage): Handshake<Established> {
  const { suite, identity: own, group } = yield* chooseFull(settings, hello);
  const alpnProtocol = chooseAlpn(settings, hello);
  const { identity, scheme } = own;
  const asks = settings.clientAuthentication !== 'none';
  const clientType = asks ? chooseClientCertificateType(settings, hello) : undefined;
  const givesTicket = hello.has(sessionTicket) && settings.tickets > 0;
  const keepsSession = !givesTicket && settings.sessionStore !== undefined;
  const sessionId = keepsSession ? randomBytes(settings, 32) : new Uint8Array(0);
  const ocspResponse =
    hello.value(statusRequest) === true && identity.certificateType === 'X509'
      ? yield* currentOcspResponse(io, identity)
      : undefined;

  const extensions = serverHelloExtensions12(settings, hello, {
    protocol: 'TLSv1.2',
    alpnProtocol,
    givesTicket,
    resumesSession: false,
    serverCertificateType: identity.certificateType,
    clientCertificateType: clientType,
    sendsCertificateStatus: ocspResponse !== undefined,
    signedCertificateTimestamps: identity.signedCertificateTimestamps,
  });
  const randoms = sendServerHello(io, settings, hello, suite, sessionId, extensions);

  io.send(encodeTls12Certificate(identity.entries, identity.certificateType));
  if (ocspResponse !== undefined) io.send(encodeCertificateStatus(ocspResponse));
  const keyShare = settings.generateKeyShare(group);
  const params = encodeServerEcdhParams({ namedCurve: group.id, publicKey: keyShare.publicKey });
  const content = signedParams(randoms, params);
  const signature = yield* runHook('signer.sign', () => identity.sign(scheme.name, content));
  io.send(encodeServerKeyExchange({ params, algorithm: scheme.id, signature }));
  if (clientType !== undefined) io.send(certificateRequest(settings));
  io.send(encodeServerHelloDone());

  const client = clientType === undefined ? undefined : yield* receiveClientCertificate(io, settings, clientType);
  const exchange = yield* io.receive(HandshakeType.clientKeyExchange);
  const preMainSecret = yield* settle(keyShare.deriveSharedSecret(decodeClientKeyExchange(exchange.body)));
  const keys = makeTls12Keys(io, suite, randoms, preMainSecret, hello.has(extendedMasterSecret));
  const proof = client === undefined ? noClientProof : yield* receiveCertificateVerify(io, settings, client);
  io.transcript.takeMessages();
  const { client: opened, server: sealed } = keys.protections();
  yield* io.receiveChangeCipherSpec();
  io.openWith(opened);
  yield* verifyFinished12(io, keys, 'client');

  const connection = connectionInfo(settings, hello, suite, alpnProtocol, {
    group: group.name,
    signatureScheme: scheme.name,
    proof,
    resumed: false,
    identityIndex: own.index,
  });
  const session = sessionOf(settings, connection, suite, keys, identity.certificateType, alpnProtocol, undefined);
  if (givesTicket) io.send(yield* newTicket(io, settings, session));
  else if (keepsSession) storeSession(io, settings, sessionId, session);
  io.sendChangeCipherSpec();
  io.sealWith(sealed);
  io.send(encodeFinished(keys.verifyData('server', io.transcript.hash())));
  return established(connection, keys);
}

function* abbreviatedHandshake(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
  session: SessionState,
  suite: Tls12CipherSuite,
): Handshake<Established> {
  const { peer } = session;
  io.keep(session.secret);
  if (peer !== undefined) yield* askVerifyPeer(settings.trust, 'client', undefined, peer, true);
  const alpnProtocol = chooseAlpn(settings, hello);
  const givesTicket = hello.has(sessionTicket) && settings.tickets > 0;
  const extensions = serverHelloExtensions12(settings, hello, {
    protocol: 'TLSv1.2',
    alpnProtocol,
    givesTicket,
    resumesSession: true,
    serverCertificateType: session.serverCertificateType,
    clientCertificateType: undefined,
    sendsCertificateStatus: false,
    signedCertificateTimestamps: undefined,
  });
  const randoms = sendServerHello(io, settings, hello, suite, hello.legacySessionId, extensions);
  io.transcript.takeMessages();
  const keys = startTls12Keys(io, suite, randoms, copyBytes(session.secret), session.extendedMainSecret);
  const connection = connectionInfo(settings, hello, suite, alpnProtocol, {
    group: session.group,
    signatureScheme: session.signatureScheme,
    proof: { state: session.clientAuthentication, peer, signatureScheme: session.clientSignatureScheme },
    resumed: true,
    identityIndex: undefined,
  });
  const next = sessionOf(settings, connection, suite, keys, session.serverCertificateType, alpnProtocol, session);
  if (givesTicket) io.send(yield* newTicket(io, settings, next));
  else storeSession(io, settings, hello.legacySessionId, next);
  const { client: opened, server: sealed } = keys.protections();
  io.sendChangeCipherSpec();
  io.sealWith(sealed);
  io.send(encodeFinished(keys.verifyData('server', io.transcript.hash())));
  yield* io.receiveChangeCipherSpec();
  io.openWith(opened);
  yield* verifyFinished12(io, keys, 'client');
  return established(connection, keys);
}

/** The end of the random of a server that could do better (RFC 8446 §4.1.3). */
const downgradeSentinel = Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01);

function sendServerHello(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
  suite: Tls12CipherSuite,
  legacySessionIdEcho: Uint8Array,
  extensions: readonly Extension[],
): HelloRandoms {
  const random = randomBytes(settings, 32);
  if (settings.speaksTls13) random.set(downgradeSentinel, 24);
  io.transcript.keepMessages();
  io.transcript.begin(suite.hash);
  io.transcript.add(hello.raw);
  const shaped = settings.overrides.shapeExtensions?.('ServerHello', extensions) ?? extensions;
  io.send(encodeServerHello({ random, legacySessionIdEcho, cipherSuite: suite.id, extensions: shaped }));
  return { client: hello.random, server: random };
}

function certificateRequest({ signatureSchemes, certificateAuthorities }: ServerSettings): Uint8Array {
  return encodeTls12CertificateRequest({
    certificateTypes: [ClientCertificateType.ecdsaSign, ClientCertificateType.rsaSign],
    supportedSignatureAlgorithms: signatureSchemes.filter((scheme) => isTls12Scheme(scheme)).map(({ id }) => id),
    certificateAuthorities,
  });
}

type VerifiedClient =
  ReturnType<typeof verifyPeerCertificate> extends Generator<unknown, infer Result> ? Result : never;

/** RFC 5246 §7.4.6: where a certificate is required, its absence is a handshake_failure. */
function* receiveClientCertificate(
  io: HandshakeIo,
  settings: ServerSettings,
  type: 'X509' | 'RawPublicKey',
): Handshake<VerifiedClient | 'none'> {
  const { body } = yield* io.receive(HandshakeType.certificate);
  const entries = decodeTls12Certificate(body, type);
  const [first] = entries;
  if (first === undefined) {
    if (settings.clientAuthentication !== 'require') return 'none';
    const sentAlert = AlertDescription.handshakeFailure;
    throw new TlsError('ERR_TLS_CERTIFICATE_REQUIRED', 'the client has no certificate', { sentAlert });
  }
  const isRaw = type === 'RawPublicKey';
  return yield* verifyPeerCertificate(settings, 'client', undefined, {
    chain: Object.freeze(isRaw ? [] : entries),
    rawPublicKey: isRaw ? first : undefined,
    ocspResponse: undefined,
    signedCertificateTimestamps: undefined,
  });
}

function* receiveCertificateVerify(
  io: HandshakeIo,
  settings: ServerSettings,
  client: VerifiedClient | 'none',
): Handshake<ClientProof> {
  if (client === 'none') return { ...noClientProof, state: 'requested' };
  const content = io.transcript.takeMessages();
  const { body } = yield* io.receive(HandshakeType.certificateVerify);
  const verify = decodeCertificateVerify(body);
  const signatureScheme = yield* verifySignature12(client.publicKey, settings.signatureSchemes, verify, content);
  return { state: 'provided', peer: client.peer, signatureScheme };
}

function sessionOf(
  settings: ServerSettings,
  info: ConnectionInfo,
  suite: Tls12CipherSuite,
  keys: Tls12Keys,
  serverCertificateType: CertificateType,
  alpnProtocol: Uint8Array | undefined,
  resumed: SessionState | undefined,
): SessionState {
  return {
    ...resumable(settings, { info, serverCertificateType, resumed, external: undefined }),
    protocol: 'TLSv1.2',
    cipherSuite: suite.id,
    secret: keys.mainSecret,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    alpnProtocol,
  };
}

/** An empty ticket says that there is none after all (RFC 5077 §3.3). */
function* newTicket(io: HandshakeIo, settings: ServerSettings, session: SessionState): Handshake<Uint8Array> {
  const ticket = (yield* saveSession(io, settings, session)) ?? new Uint8Array(0);
  // 0 would leave it to the client
  const ticketLifetimeHintSeconds = Math.max(1, session.lifetimeSeconds);
  return encodeTls12NewSessionTicket({ ticketLifetimeHintSeconds, ticket });
}

function established(info: ConnectionInfo, keys: Tls12Keys): Established {
  return {
    info,
    keys,
    receive: ({ type }) => {
      if (type === HandshakeType.clientHello)
        throw new TlsError('ERR_TLS_NO_RENEGOTIATION', 'the client wants to renegotiate, which is not done');
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake`);
    },
  };
}

interface Outcome {
  readonly group: string | undefined;
  readonly signatureScheme: string | undefined;
  readonly proof: ClientProof;
  readonly resumed: boolean;
  readonly identityIndex: number | undefined;
}

function connectionInfo(
  settings: ServerSettings,
  hello: ClientHelloMessage,
  suite: Tls12CipherSuite,
  alpnProtocol: Uint8Array | undefined,
  { group, signatureScheme, proof, resumed, identityIndex }: Outcome,
): ConnectionInfo {
  return Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role: 'server',
    protocol: 'TLSv1.2',
    cipherSuite: suite.name,
    group,
    signatureScheme,
    clientSignatureScheme: proof.signatureScheme,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName: hello.value(serverName),
    resumed,
    helloRetryRequest: false,
    earlyData: 'none',
    earlyDataReason: 'protocolVersion',
    ech: 'none',
    extendedMainSecret: hello.has(extendedMasterSecret),
    externalPskIdentity: undefined,
    peer: proof.peer,
    clientAuthentication: proof.state,
    identityIndex,
  });
}
