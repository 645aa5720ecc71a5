import { TlsError, type ConnectionInfo } from '@org/tls-core';
import { decodeAlpnProtocol } from '@org/tls-core/backend';
import { confirmAcceptance } from '../ech/accept-confirmation.ts';
import { keyFitsScheme } from '@org/tls-crypto';
import type { ChosenIdentity } from '../handshake/choose-identity.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { sendAuthentication } from '../handshake/own-certificate.ts';
import { askVerifyPeer } from '../handshake/peer-verification.ts';
import { verifyFinished } from '../handshake/proofs.ts';
import { randomBytes } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import {
  applicationKeys,
  deriveApplicationSecrets,
  deriveHandshakeSecrets,
  foreseenResumptionSecret,
  protectionOf,
  resumptionSecret,
  startEarlySecrets,
} from '../handshake/traffic-secrets.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import { compressCertificate } from '../wire/extensions/compress-certificate.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { signedCertificateTimestamp } from '../wire/extensions/signed-certificate-timestamp.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { HandshakeType, handshakeTypeName, type HandshakeMessage } from '../wire/handshake-message.ts';
import { encodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import { decodeEndOfEarlyData } from '../wire/messages/end-of-early-data.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { encodeServerHello } from '../wire/messages/server-hello.ts';
import {
  chooseAlpn,
  chooseCipherSuite,
  chooseClientCertificateType,
  chooseGroup,
  chooseServerIdentity,
} from './choices.ts';
import { certificateRequest, noClientProof, receiveClientProof, type ClientProof } from './client-certificate.ts';
import { applyOffers } from './apply-offers.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { isTooMuchToHold, judgeEarlyData } from './early-data.ts';
import { encryptedExtensions } from './encrypted-extensions.ts';
import { makeTickets, ticketCount } from './new-session-tickets.ts';
import { keep, requestRetry } from './retry.ts';
import { selectPsk, type SelectedPsk } from './selected-psk.ts';
import type { ServerEch } from './server-ech.ts';
import { serverHelloExtensions13 } from './server-hello-extensions-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** Bytes of rejected early data that are skipped even if none was ever allowed (RFC 8446 §4.2.10). */
const minSkippedEarlyData = 2 ** 14;

/** The server's side of a TLS 1.3 handshake (RFC 8446 §2), from a checked ClientHello to the client's Finished. */
export function* serverHandshake13(
  io: HandshakeIo,
  settings: ServerSettings,
  first: ClientHello13,
  ech: ServerEch,
): Handshake<Established> {
  const { group, needsRetry } = chooseGroup(settings, first);
  if (first.hasEarlyData) io.owner.inbound.skipEarlyData(skipLimit(settings));
  const retrySuite = needsRetry ? chooseCipherSuite(settings, first) : undefined;
  const { hello, messagesBefore } =
    retrySuite === undefined
      ? { hello: first, messagesBefore: [] }
      : yield* requestRetry(io, settings, first, retrySuite, group, ech);
  const psk = yield* selectPsk(io, settings, hello, retrySuite);
  const suite = psk?.suite ?? retrySuite ?? chooseCipherSuite(settings, hello);
  io.transcript.begin(suite.hash);
  io.transcript.add(hello.raw);
  applyOffers(io, settings, hello, 'TLSv1.3');

  const alpnProtocol = chooseAlpn(settings, hello);
  const identity = psk === undefined ? yield* chooseIdentity13(settings, hello) : undefined;
  const ownType = identity?.identity.certificateType ?? psk?.session?.serverCertificateType ?? 'X509';
  const clientType = asksForCertificate(settings, psk) ? chooseClientCertificateType(settings, hello) : undefined;
  const peer = psk?.session?.peer;
  if (peer !== undefined) yield* askVerifyPeer(settings.trust, 'client', undefined, peer, true);
  const isRefused = hello.hasEarlyData && psk !== undefined && isTooMuchToHold(psk, io.owner.handsOnEarlyData);
  const offer = { hello, psk, alpnProtocol, isRetry: needsRetry };
  const earlyDataReason = isRefused ? 'disabled' : yield* judgeEarlyData(io, settings, offer);
  const takesEarlyData = earlyDataReason === 'accepted';
  const early =
    takesEarlyData && psk !== undefined
      ? startEarlySecrets(io, io.transcript, suite, psk.psk, hello.random)
      : undefined;

  const random = randomBytes(settings, 32);
  const { keyExchange, sharedSecret } = yield* settle(settings.encapsulate(group, hello.keyShareOf(group)));
  const shape = settings.overrides.shapeExtensions ?? keep;
  const serverHelloExtensions = serverHelloExtensions13({ group, keyExchange, pskIndex: psk?.index });
  const serverHello = encodeServerHello({
    random,
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: suite.id,
    extensions: shape('ServerHello', serverHelloExtensions),
  });
  const confirmation = {
    crypto: io.crypto,
    hash: suite.hash,
    innerRandom: hello.random,
    messagesBefore: [...messagesBefore, hello.raw],
  };
  io.send(ech.isInner ? confirmAcceptance(confirmation, serverHello) : serverHello);
  // §D.4: only towards a client that showed by its session id that it wants this
  if (hello.legacySessionId.length > 0 && !needsRetry) io.sendChangeCipherSpec();

  const schedule = new KeySchedule(io.crypto, suite);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, psk?.psk, sharedSecret);
  io.sealWith(protectionOf(io, schedule, handshakeSecrets.server));
  const tickets = ticketCount(settings, hello, psk?.session !== undefined);
  const planned = encryptedExtensions(settings, hello, {
    protocol: 'TLSv1.3',
    alpnProtocol,
    resumesSession: psk?.session !== undefined,
    acceptsEarlyData: takesEarlyData,
    tickets,
    serverCertificateType: ownType,
    clientCertificateType: clientType,
    retryConfigs: ech.isRejected ? settings.ech.retryConfigs : undefined,
  });
  io.send(encodeEncryptedExtensions(shape('EncryptedExtensions', planned)));
  if (clientType !== undefined) {
    io.owner.inbound.expectCertificate();
    io.send(certificateRequest(settings));
  }
  if (identity !== undefined) {
    const wishes = {
      ocspResponse: hello.value(statusRequest) ?? false,
      certificateTimestamps: hello.has(signedCertificateTimestamp),
      compressionAlgorithms: hello.value(compressCertificate) ?? new Uint16Array(0),
    };
    yield* sendAuthentication(io, 'server', identity, new Uint8Array(0), wishes, settings.compressors);
  }
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.server, io.transcript.hash())));
  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.sealWith(protectionOf(io, schedule, secrets.server));

  const withClient = (client: ClientProof): ConnectionInfo =>
    Object.freeze({
      backend: settings.backend,
      implementation: settings.crypto.name,
      role: 'server',
      protocol: 'TLSv1.3',
      cipherSuite: suite.name,
      group: group.name,
      signatureScheme: identity?.scheme.name ?? psk?.session?.signatureScheme,
      clientSignatureScheme: client.signatureScheme ?? psk?.session?.clientSignatureScheme,
      alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
      serverName: hello.value(serverName),
      resumed: psk?.session !== undefined,
      helloRetryRequest: needsRetry,
      earlyData: hello.hasEarlyData ? (takesEarlyData ? 'accepted' : 'rejected') : 'none',
      earlyDataReason,
      ech: ech.opened === undefined ? 'none' : 'accepted',
      extendedMainSecret: true,
      externalPskIdentity: psk?.external?.identity,
      peer: client.peer ?? peer,
      clientAuthentication: psk?.session?.clientAuthentication ?? client.state,
      identityIndex: identity?.index,
    });
  const sendTickets = function* (info13: ConnectionInfo, secret: Uint8Array): Handshake<void> {
    const basis = {
      info: info13,
      serverCertificateType: ownType,
      alpnProtocol,
      resumed: psk?.session,
      external: psk?.external,
    };
    io.sendPostHandshake(yield* makeTickets(io, settings, { ...basis, schedule, secret: io.keep(secret) }, tickets));
  };
  if (early !== undefined) {
    io.openWith(early);
    io.owner.inbound.expectEarlyData(psk?.session?.maxEarlyData ?? 0);
    // the rest of the client's flight is known: the tickets need not wait for it (RFC 8446 §4.6.1)
    if (tickets > 0 && settings.overrides.afterHandshake === undefined)
      yield* sendTickets(withClient(noClientProof), foreseenResumptionSecret(io, schedule, secrets, handshakeSecrets));
    io.owner.startHalfRtt();
    const { body } = yield* io.receive(HandshakeType.endOfEarlyData);
    decodeEndOfEarlyData(body);
    io.owner.inbound.endEarlyData();
  }
  io.openWith(protectionOf(io, schedule, handshakeSecrets.client));
  const client = clientType === undefined ? noClientProof : yield* receiveClientProof(io, settings, clientType);
  yield* verifyFinished(io, schedule, handshakeSecrets.client);
  io.openWith(protectionOf(io, schedule, secrets.client));

  const connectionInfo = withClient(client);
  if (settings.overrides.afterHandshake !== undefined) io.sendPostHandshake(settings.overrides.afterHandshake);
  else if (tickets > 0 && early === undefined)
    yield* sendTickets(connectionInfo, resumptionSecret(io, schedule, secrets));
  return {
    info: connectionInfo,
    keys: applicationKeys(io, schedule, 'server', secrets),
    receive: refuseMessage,
  };
}

/** §4.6: no client may send any but KeyUpdate. Outside of the handshake, whose variables would live on with it. */
function refuseMessage({ type }: HandshakeMessage): never {
  throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake (§4.6)`);
}

/** Early data that was allowed and is now rejected can all come, each record with its overhead. */
function skipLimit({ maxEarlyData }: ServerSettings): number {
  return Math.max(minSkippedEarlyData, maxEarlyData + 2 ** 10);
}

function asksForCertificate({ clientAuthentication }: ServerSettings, psk: SelectedPsk | undefined): boolean {
  // §4.3.2: not with a PSK
  return clientAuthentication !== 'none' && psk === undefined;
}

function* chooseIdentity13(settings: ServerSettings, hello: ClientHello13): Handshake<ChosenIdentity> {
  const schemes = hello.need(signatureAlgorithms);
  return yield* chooseServerIdentity(
    settings,
    hello,
    (scheme, { publicKey }) => scheme.tls13 && schemes.includes(scheme.id) && keyFitsScheme(publicKey, scheme),
  );
}
