import { TlsError, type ConnectionInfo, type EarlyDataReason, type PeerInfo } from '@org/tls-core';
import type { CipherSuite13, NamedGroup } from '@org/tls-crypto';
import { authenticationOf, connectionInfo13 } from '../handshake/connection-info.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { readCertificate, receiveCertificate } from '../handshake/peer-certificate.ts';
import { refuseCertificateType, verifyPeerCertificate, verifyResumedPeer } from '../handshake/peer-verification.ts';
import { receiveCertificateVerify13, receiveFinished13 } from '../handshake/proofs-13.ts';
import type { Handshake } from '../handshake/steps.ts';
import {
  makeKeys13,
  deriveApplicationSecrets,
  deriveHandshakeSecrets,
  protectionOf,
  resumptionSecret,
  type ApplicationSecrets,
  type HandshakeSecrets,
} from '../handshake/traffic-secrets.ts';
import type { Protection } from '../record/protection.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import type { SessionState } from '../session/session-state.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { serverCertificateType } from '../wire/extensions/certificate-types.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { encryptedClientHello } from '../wire/extensions/encrypted-client-hello.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import type { CertificateRequest13 } from '../wire/messages/certificate-request-13.ts';
import { encodeEndOfEarlyData } from '../wire/messages/end-of-early-data.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import type { ServerHello } from '../wire/messages/server-hello.ts';
import {
  checkCertificateRequest,
  sendClientAuthentication,
  type ClientAuthentication,
} from './client-authentication.ts';
import { isMiddleboxCompatible, type ClientSettings } from './client-settings.ts';
import { readEncryptedExtensions } from './encrypted-extensions.ts';
import { refuseRejected, type EchState } from './hello-offer.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import { newSessionReader } from './new-session.ts';
import type { ServerAnswers } from './server-answers.ts';
import type { OfferedPsk } from './offered-psk.ts';
import { agreeOnSecret, selectedPsk } from './server-hello-13.ts';

/** What the hellos have led to. */
export interface Answered13 {
  /** The ClientHello that the server has answered. */
  readonly hello: ClientHelloState;
  readonly serverHello: ServerHello;
  readonly suite: CipherSuite13;
  readonly isRetry: boolean;
  /** The first ClientHello offered early data, and the client has sent some or may have. */
  readonly offersEarlyData: boolean;
  readonly ech: EchState;
}

/** With what the ServerHello lets both sides derive. */
interface Keyed13 extends Answered13 {
  /** `undefined`: the server proves itself by its certificate. */
  readonly psk: OfferedPsk | undefined;
  readonly group: NamedGroup;
  readonly schedule: KeySchedule;
  readonly handshakeSecrets: HandshakeSecrets;
  /** Under the client's handshake traffic secret. */
  readonly protection: Protection;
}

/** The client's side of a TLS 1.3 handshake behind the ServerHello (RFC 8446 §2), which is the transcript's last message. */
export function* clientHandshake13(
  io: HandshakeIo,
  settings: ClientSettings,
  answered: Answered13,
): Handshake<Established> {
  const keyed = yield* startKeys(io, settings, answered);
  const choices = yield* receiveServerChoices(io, settings, keyed);
  const { answers } = choices;
  const server = yield* authenticateServer(io, settings, keyed, answers);
  const secrets = yield* receiveServerFinished(io, keyed);
  endEarlyData(io, keyed, choices);
  const client = yield* sendClientAuthentication(io, settings, server.certificateRequest, answers);
  sendFinished(io, keyed, secrets);
  const ech = refuseRejected(answered.ech, choices.retryConfigs);

  const { schedule, psk } = keyed;
  const alpnProtocol = answers.value(alpn);
  const info = infoOf(settings, keyed, choices, { server, client, ech });
  const receive = newSessionReader(io.sessionOwner, settings, {
    schedule,
    resumptionSecret: resumptionSecret(io, schedule, secrets),
    info,
    alpnProtocol,
    resumed: psk?.session,
    external: psk?.external,
  });
  return { info, keys: makeKeys13(io, schedule, 'client', secrets), receive };
}

/** True between the first ClientHello and the server's answer to its early data, which no HelloRetryRequest has rejected already. */
function isSendingEarlyData({ offersEarlyData, isRetry }: Answered13): boolean {
  return offersEarlyData && !isRetry;
}

/** Behind it the server's handshake messages can be opened. The client seals its own from here on, or when early data has ended. */
function* startKeys(io: HandshakeIo, settings: ClientSettings, answered: Answered13): Handshake<Keyed13> {
  const { hello, serverHello, suite, isRetry } = answered;
  const psk = selectedPsk(hello, serverHello, suite);
  const schedule = new KeySchedule(io.crypto, suite);
  const { group, sharedSecret } = yield* agreeOnSecret(hello, serverHello);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, psk?.psk, sharedSecret);
  const protection = protectionOf(io, schedule, handshakeSecrets.client);
  io.openWith(protectionOf(io, schedule, handshakeSecrets.server));
  if (!isSendingEarlyData(answered)) {
    // §D.4: once in a handshake; it went out before a second ClientHello
    if (isMiddleboxCompatible(settings) && !isRetry) io.sendChangeCipherSpec();
    io.sealWith(protection);
  }
  return { psk, group, schedule, handshakeSecrets, protection, ...answered };
}

/** What the server chose in EncryptedExtensions. */
interface ServerChoices {
  readonly answers: ServerAnswers;
  readonly acceptsEarlyData: boolean;
  /** An ECHConfigList to try again with. */
  readonly retryConfigs: Uint8Array | undefined;
}

/** Receives EncryptedExtensions, by which the server may also end early data. */
function* receiveServerChoices(io: HandshakeIo, settings: ClientSettings, keyed: Keyed13): Handshake<ServerChoices> {
  const { hello, psk, suite, protection, ech } = keyed;
  const answers = yield* readEncryptedExtensions(io, settings, hello, psk, suite);
  const retryConfigs = readRetryConfigs(settings, answers.value(encryptedClientHello), ech);
  const acceptsEarlyData = answers.value(earlyData) === true;
  if (isSendingEarlyData(keyed) && !acceptsEarlyData) {
    io.endEarlyData();
    io.sealWith(protection);
  }
  return { answers, acceptsEarlyData, retryConfigs };
}

/** RFC 9849 §6.1.4, §6.2: a server that took the offer sends none; what answers a decoy is checked and dropped. */
function readRetryConfigs(
  settings: ClientSettings,
  body: Uint8Array | undefined,
  ech: EchState,
): Uint8Array | undefined {
  if (body === undefined) return undefined;
  if (ech === 'accepted')
    throw new TlsError('ERR_TLS_UNSUPPORTED_EXTENSION', 'EncryptedExtensions: encrypted_client_hello was accepted');
  return settings.ech?.readRetryConfigs(body);
}

/** Behind it the transcript ends with the server's Finished, and the server's application keys open. */
function* receiveServerFinished(io: HandshakeIo, keyed: Keyed13): Handshake<ApplicationSecrets> {
  const { hello, schedule, handshakeSecrets } = keyed;
  yield* receiveFinished13(io, schedule, handshakeSecrets.server);
  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.openWith(protectionOf(io, schedule, secrets.server));
  return secrets;
}

/** RFC 8446 §4.5: EndOfEarlyData is the last message under the early keys. */
function endEarlyData(io: HandshakeIo, { protection }: Keyed13, { acceptsEarlyData }: ServerChoices): void {
  if (!acceptsEarlyData) return;
  io.endEarlyData();
  io.send(encodeEndOfEarlyData());
  io.sealWith(protection);
}

/** Behind it the transcript ends with the client's Finished, and the client seals with its application keys. */
function sendFinished(io: HandshakeIo, keyed: Keyed13, secrets: ApplicationSecrets): void {
  const { schedule, handshakeSecrets } = keyed;
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.client, io.transcript.hash())));
  io.sealWith(protectionOf(io, schedule, secrets.client));
}

interface AuthenticatedServer {
  readonly peer: PeerInfo | undefined;
  readonly signatureScheme: string | undefined;
  readonly certificateRequest: CertificateRequest13 | undefined;
}

/** The server proves itself by the PSK (RFC 8446 §2.2), or by a certificate, which may come with a request for ours. */
function* authenticateServer(
  io: HandshakeIo,
  settings: ClientSettings,
  { hello, psk }: Keyed13,
  answers: ServerAnswers,
): Handshake<AuthenticatedServer> {
  if (psk !== undefined) return yield* authenticatedByPsk(settings, hello, psk.session);
  const type = answers.value(serverCertificateType);
  refuseCertificateType(settings, type);
  const expected = {
    requestContextLength: 0,
    type,
    offered: hello.offered,
    compressors: offeredCompressors(settings),
  } as const;
  const certificateTypes =
    expected.compressors.length === 0
      ? [HandshakeType.certificate]
      : [HandshakeType.certificate, HandshakeType.compressedCertificate];
  const first = yield* io.receive(HandshakeType.certificateRequest, ...certificateTypes);
  const certificateRequest =
    first.type === HandshakeType.certificateRequest ? checkCertificateRequest(first.body) : undefined;
  const certificate =
    certificateRequest === undefined
      ? yield* readCertificate(first.type, first.body, expected)
      : yield* receiveCertificate(io, expected);
  // RFC 8446 §4.4.2.4: an empty list is a decode_error
  if (certificate.chain.length === 0 && certificate.rawPublicKey === undefined)
    throw new TlsError('ERR_TLS_DECODE', 'Certificate: the server sent no certificate');
  const { peer, publicKey } = yield* verifyPeerCertificate(settings, 'server', hello.options.serverName, certificate);
  const signatureScheme = yield* receiveCertificateVerify13(io, 'server', publicKey, settings.signatureSchemes);
  return { peer, signatureScheme, certificateRequest };
}

function* authenticatedByPsk(
  { trust }: ClientSettings,
  { options }: ClientHelloState,
  session: SessionState | undefined,
): Handshake<AuthenticatedServer> {
  const peer = session?.peer;
  yield* verifyResumedPeer(trust, 'server', options.serverName, peer);
  return { peer, signatureScheme: session?.signatureScheme, certificateRequest: undefined };
}

function offeredCompressors({ config }: ClientSettings) {
  return config.certificateCompressors.filter(({ decompress }) => decompress !== undefined);
}

/** What each side has shown of itself. */
interface ProvenSides {
  readonly server: AuthenticatedServer;
  readonly client: ClientAuthentication;
  readonly ech: ConnectionInfo['ech'];
}

function infoOf(
  settings: ClientSettings,
  keyed: Keyed13,
  { answers, acceptsEarlyData }: ServerChoices,
  { server, client, ech }: ProvenSides,
): ConnectionInfo {
  const { hello, psk, offersEarlyData } = keyed;
  return connectionInfo13(settings, {
    role: 'client',
    suite: keyed.suite,
    group: keyed.group,
    psk,
    isRetry: keyed.isRetry,
    ech,
    alpnProtocol: answers.value(alpn),
    serverName: hello.options.serverName,
    authentication:
      psk?.session === undefined
        ? {
            signatureScheme: server.signatureScheme,
            clientSignatureScheme: client.signatureScheme,
            peer: server.peer,
            clientAuthentication: client.state,
            identityIndex: client.identityIndex,
          }
        : authenticationOf(psk.session),
    earlyData: offersEarlyData ? (acceptsEarlyData ? 'accepted' : 'rejected') : 'none',
    earlyDataReason: earlyDataReasonOf(keyed, acceptsEarlyData),
  });
}

/** Why early data was not taken, or not offered. */
function earlyDataReasonOf(
  { offersEarlyData, hello, isRetry, psk }: Keyed13,
  acceptsEarlyData: boolean,
): EarlyDataReason {
  if (!offersEarlyData || acceptsEarlyData) return hello.earlyDataReason;
  if (isRetry) return 'helloRetryRequest';
  return psk === undefined ? 'sessionNotResumed' : 'peerDeclined';
}
