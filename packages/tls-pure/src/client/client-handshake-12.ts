import { TlsError, type ConnectionInfo, type PeerInfo } from '@org/tls-core';
import { decodeAlpnProtocol, copyBytes } from '@org/tls-core/backend';
import { type NamedGroup, type PublicKey, keyFitsScheme12, type SignatureScheme } from '@org/tls-crypto';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { askVerifyPeer, refuseCertificateType, verifyPeerCertificate } from '../handshake/peer-verification.ts';
import { keyFitsSuite, verifyFinished12, verifySignature12 } from '../handshake/proofs-12.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import { makeTls12Keys, startTls12Keys, type Tls12Keys } from '../handshake/tls12-keys.ts';
import type { SessionState } from '../session/session-state.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { clientCertificateType, serverCertificateType } from '../wire/extensions/certificate-types.ts';
import { sessionTicket } from '../wire/extensions/session-ticket.ts';
import { signedCertificateTimestamp } from '../wire/extensions/signed-certificate-timestamp.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { HandshakeType, type HandshakeMessage } from '../wire/handshake-message.ts';
import { decodeCertificateStatus } from '../wire/messages/certificate-status.ts';
import { encodeCertificateVerify } from '../wire/messages/certificate-verify.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { decodeTls12CertificateRequest, ClientCertificateType } from '../wire/messages/tls12/certificate-request.ts';
import { decodeTls12Certificate, encodeTls12Certificate } from '../wire/messages/tls12/certificate.ts';
import { encodeClientKeyExchange } from '../wire/messages/tls12/client-key-exchange.ts';
import type { HelloRandoms } from '../wire/messages/tls12/hello-randoms.ts';
import { decodeTls12NewSessionTicket } from '../wire/messages/tls12/new-session-ticket.ts';
import { decodeServerHelloDone } from '../wire/messages/tls12/server-hello-done.ts';
import { decodeServerKeyExchange, signedParams } from '../wire/messages/tls12/server-key-exchange.ts';
import type { LoadedIdentity } from '../handshake/identity.ts';
import { chooseClientIdentity, notRequested, type ClientAuthentication } from './client-authentication.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import { giveSession, resumable } from './new-session.ts';
import type { ServerHelloMessage } from './server-hello.ts';
import { checkServerHello12, type ServerChoices12 } from './server-hello-12.ts';

/** How long a ticket is kept whose server does not say (RFC 5077 §5.6), and the longest that any is. */
const defaultLifetimeSeconds = 7200;

/** The client's side of a TLS 1.2 handshake (RFC 5246 §7.3), behind the ServerHello, which is not yet part of the transcript. */
export function* clientHandshake12(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHelloMessage,
): Handshake<Established> {
  const choices = checkServerHello12(io, settings, hello, serverHello);
  io.transcript.keepMessages();
  io.transcript.begin(choices.suite.hash);
  io.transcript.add(serverHello.raw);
  const randoms: HelloRandoms = { client: hello.random, server: serverHello.random };
  const { resumed } = choices;
  return resumed === undefined
    ? yield* fullHandshake(io, settings, hello, serverHello, choices, randoms)
    : yield* abbreviatedHandshake(io, settings, hello, resumed, choices, randoms);
}

function* fullHandshake(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHelloMessage,
  choices: ServerChoices12,
  randoms: HelloRandoms,
): Handshake<Established> {
  const { suite } = choices;
  const { peer, publicKey } = yield* receiveServerCertificate(io, settings, hello, choices);
  const { group, keyExchange, signatureScheme } = yield* receiveServerKeyExchange(io, settings, publicKey, randoms);
  const next = yield* io.receive(HandshakeType.certificateRequest, HandshakeType.serverHelloDone);
  const request = next.type === HandshakeType.certificateRequest ? next : undefined;
  const done = request === undefined ? next : yield* io.receive(HandshakeType.serverHelloDone);
  decodeServerHelloDone(done.body);
  io.refuseExcess();

  const proof = request === undefined ? undefined : yield* chooseProof(settings, request, choices);
  if (proof !== undefined)
    io.send(encodeTls12Certificate(proof.chosen?.identity.entries ?? [], choices.answers.value(clientCertificateType)));
  const keyShare = settings.generateKeyShare(group);
  const preMainSecret = yield* settle(keyShare.deriveSharedSecret(keyExchange));
  io.send(encodeClientKeyExchange(keyShare.publicKey));
  const keys = makeTls12Keys(io, suite, randoms, preMainSecret, choices.isExtended);
  const chosen = proof?.chosen;
  if (chosen !== undefined) {
    const messages = io.transcript.takeMessages();
    const signature = yield* runHook('signer.sign', () => chosen.identity.sign(chosen.scheme.name, messages));
    io.send(encodeCertificateVerify({ algorithm: chosen.scheme.id, signature }));
  }
  io.transcript.takeMessages();
  const { client, server } = keys.protections();
  io.sendChangeCipherSpec();
  io.sealWith(client);
  io.send(encodeFinished(keys.verifyData('client', io.transcript.hash())));

  const ticket = choices.answers.value(sessionTicket) === true ? yield* receiveTicket(io) : undefined;
  yield* io.receiveChangeCipherSpec();
  io.openWith(server);
  yield* verifyFinished12(io, keys, 'server');
  const info = connectionInfo(settings, hello, choices, {
    group: group.name,
    signatureScheme,
    authentication: proof?.authentication ?? notRequested,
    peer,
    resumed: false,
  });
  keepSession(io, settings, keys, choices, info, serverHello.legacySessionIdEcho, ticket, undefined);
  return established(info, keys);
}

function* abbreviatedHandshake(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  session: SessionState,
  choices: ServerChoices12,
  randoms: HelloRandoms,
): Handshake<Established> {
  io.transcript.takeMessages();
  const { peer } = session;
  if (peer !== undefined) yield* askVerifyPeer(settings.trust, 'server', hello.options.serverName, peer, true);
  const keys = startTls12Keys(io, choices.suite, randoms, copyBytes(session.secret), choices.isExtended);
  const { client, server } = keys.protections();
  const ticket = choices.answers.value(sessionTicket) === true ? yield* receiveTicket(io) : undefined;
  yield* io.receiveChangeCipherSpec();
  io.openWith(server);
  yield* verifyFinished12(io, keys, 'server');
  io.sendChangeCipherSpec();
  io.sealWith(client);
  io.send(encodeFinished(keys.verifyData('client', io.transcript.hash())));
  const info = connectionInfo(settings, hello, choices, {
    group: session.group,
    signatureScheme: session.signatureScheme,
    authentication: {
      state: session.clientAuthentication,
      signatureScheme: session.clientSignatureScheme,
      identityIndex: undefined,
    },
    peer,
    resumed: true,
  });
  // a session of TLS 1.2 can be resumed again (RFC 5246 §F.1.4)
  if (ticket === undefined) giveSession(io.sessionOwner, settings, session);
  else keepSession(io, settings, keys, choices, info, session.sessionId, ticket, session);
  return established(info, keys);
}

function established(info: ConnectionInfo, keys: Tls12Keys): Established {
  return {
    info,
    keys,
    receive: ({ type }: HandshakeMessage) => {
      if (type === HandshakeType.helloRequest)
        throw new TlsError('ERR_TLS_NO_RENEGOTIATION', 'the server wants to renegotiate, which is not done');
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `message ${type} after the handshake`);
    },
  };
}

function* receiveServerCertificate(
  io: HandshakeIo,
  settings: ClientSettings,
  { options }: ClientHelloState,
  choices: ServerChoices12,
): Handshake<{ readonly peer: PeerInfo; readonly publicKey: PublicKey }> {
  const { answers } = choices;
  const type = answers.value(serverCertificateType);
  refuseCertificateType(settings, type);
  const { body } = yield* io.receive(HandshakeType.certificate);
  const entries = decodeTls12Certificate(body, type);
  if (entries.length === 0) throw new TlsError('ERR_TLS_DECODE', 'Certificate: the server sent no certificate');
  const isRaw = type === 'RawPublicKey';
  const status =
    answers.value(statusRequest) === true ? yield* io.receiveIf(HandshakeType.certificateStatus) : undefined;
  const { peer, publicKey } = yield* verifyPeerCertificate(settings, 'server', options.serverName, {
    chain: Object.freeze(isRaw ? [] : entries),
    rawPublicKey: isRaw ? entries[0] : undefined,
    ocspResponse: status === undefined ? undefined : decodeCertificateStatus(status.body),
    signedCertificateTimestamps: answers.value(signedCertificateTimestamp),
  });
  if (publicKey.info.type === 'ec' && !takesCurve(settings, publicKey.info.curve))
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'Certificate: its key is on a curve that was not offered');
  if (!keyFitsSuite(publicKey.info, choices.suite))
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'Certificate: its key is of another type than the cipher suite’s');
  return { peer, publicKey };
}

/** RFC 8422 §5.1.1: the offered curves are those of certificates, too. */
function takesCurve({ groups }: ClientSettings, curve: string): boolean {
  return groups.some(({ name }) => name === curve);
}

/** RFC 8422 §5.4: the group must be one that we offered. */
function* receiveServerKeyExchange(
  io: HandshakeIo,
  settings: ClientSettings,
  publicKey: PublicKey,
  randoms: HelloRandoms,
): Handshake<{ readonly group: NamedGroup; readonly keyExchange: Uint8Array; readonly signatureScheme: string }> {
  const { body } = yield* io.receive(HandshakeType.serverKeyExchange);
  const exchange = decodeServerKeyExchange(body);
  const group = settings.groups.find(({ id, tls12 }) => tls12 && id === exchange.namedCurve);
  if (group === undefined)
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', `ServerKeyExchange: group ${exchange.namedCurve} was not offered`);
  const content = signedParams(randoms, exchange.params);
  const signatureScheme = yield* verifySignature12(publicKey, settings.signatureSchemes, exchange, content);
  return { group, keyExchange: exchange.publicKey, signatureScheme };
}

function* chooseProof(settings: ClientSettings, { body }: HandshakeMessage, { answers }: ServerChoices12) {
  const { certificateTypes, supportedSignatureAlgorithms, certificateAuthorities } =
    decodeTls12CertificateRequest(body);
  const accepts = (scheme: SignatureScheme, { publicKey }: LoadedIdentity): boolean => {
    const wanted =
      scheme.keyType === 'rsa' || scheme.keyType === 'rsa-pss'
        ? ClientCertificateType.rsaSign
        : ClientCertificateType.ecdsaSign;
    return (
      keyFitsScheme12(publicKey, scheme) &&
      certificateTypes.includes(wanted) &&
      supportedSignatureAlgorithms.includes(scheme.id)
    );
  };
  const request = { signatureAlgorithms: supportedSignatureAlgorithms, certificateAuthorities };
  const chosen = yield* chooseClientIdentity(settings, request, answers.value(clientCertificateType), accepts);
  const authentication: ClientAuthentication =
    chosen === undefined
      ? { ...notRequested, state: 'requested' }
      : { state: 'provided', signatureScheme: chosen.scheme.name, identityIndex: chosen.index };
  return { chosen, authentication };
}

interface NewTicket {
  readonly ticket: Uint8Array;
  readonly lifetimeSeconds: number;
}

function* receiveTicket(io: HandshakeIo): Handshake<NewTicket> {
  const { body } = yield* io.receive(HandshakeType.newSessionTicket);
  const { ticket, ticketLifetimeHintSeconds: hint } = decodeTls12NewSessionTicket(body);
  return { ticket, lifetimeSeconds: hint === 0 ? defaultLifetimeSeconds : hint };
}

function keepSession(
  io: HandshakeIo,
  settings: ClientSettings,
  keys: Tls12Keys,
  { suite, answers }: ServerChoices12,
  info: ConnectionInfo,
  sessionId: Uint8Array,
  ticket: NewTicket | undefined,
  resumed: SessionState | undefined,
): void {
  const hasTicket = ticket !== undefined && ticket.ticket.length > 0;
  if (!hasTicket && sessionId.length === 0) return;
  giveSession(io.sessionOwner, settings, {
    protocol: 'TLSv1.2',
    cipherSuite: suite.id,
    secret: keys.mainSecret,
    ticketAgeAdd: 0,
    maxEarlyData: 0,
    alpnProtocol: answers.value(alpn),
    ticket: hasTicket ? ticket.ticket : new Uint8Array(0),
    sessionId: hasTicket ? new Uint8Array(0) : sessionId,
    ...resumable(settings, { info, resumed, external: undefined }, ticket?.lifetimeSeconds ?? defaultLifetimeSeconds),
  });
}

interface Outcome {
  readonly group: string | undefined;
  readonly signatureScheme: string | undefined;
  readonly authentication: ClientAuthentication;
  readonly peer: PeerInfo | undefined;
  readonly resumed: boolean;
}

function connectionInfo(
  settings: ClientSettings,
  { options }: ClientHelloState,
  { suite, answers, isExtended }: ServerChoices12,
  { group, signatureScheme, authentication, peer, resumed }: Outcome,
): ConnectionInfo {
  const alpnProtocol = answers.value(alpn);
  return Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role: 'client',
    protocol: 'TLSv1.2',
    cipherSuite: suite.name,
    group,
    signatureScheme,
    clientSignatureScheme: authentication.signatureScheme,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName: options.serverName,
    resumed,
    helloRetryRequest: false,
    earlyData: 'none',
    earlyDataReason: 'protocolVersion',
    ech: 'none',
    extendedMainSecret: isExtended,
    externalPskIdentity: undefined,
    peer,
    clientAuthentication: authentication.state,
    identityIndex: authentication.identityIndex,
  });
}
