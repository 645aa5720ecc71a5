import { TlsError, type ConnectionInfo, type EarlyDataReason, type PeerInfo } from '@org/tls-core';
import { decodeAlpnProtocol } from '@org/tls-core/backend';
import type { CipherSuite } from '@org/tls-crypto';
import { decodeRetryConfigs } from '../ech/ech-config.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { readCertificate, receiveCertificate } from '../handshake/peer-certificate.ts';
import { askVerifyPeer, refuseCertificateType, verifyPeerCertificate } from '../handshake/peer-verification.ts';
import { verifyCertificateVerify, verifyFinished } from '../handshake/proofs.ts';
import type { Handshake } from '../handshake/steps.ts';
import {
  applicationKeys,
  deriveApplicationSecrets,
  deriveHandshakeSecrets,
  protectionOf,
  resumptionSecret,
} from '../handshake/traffic-secrets.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import type { SessionState } from '../session/session-state.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { serverCertificateType } from '../wire/extensions/certificate-types.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { encryptedClientHello } from '../wire/extensions/encrypted-client-hello.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import type { CertificateRequest } from '../wire/messages/certificate-request.ts';
import { encodeEndOfEarlyData } from '../wire/messages/end-of-early-data.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import type { ServerHello } from '../wire/messages/server-hello.ts';
import { checkCertificateRequest, sendClientAuthentication } from './client-authentication.ts';
import type { ClientSettings } from './client-settings.ts';
import { readEncryptedExtensions } from './encrypted-extensions.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import { newSessionReader } from './new-session.ts';
import type { ServerAnswers } from './server-answers.ts';
import type { OfferedPsk } from './offered-psk.ts';
import { agreeOnSecret, selectedPsk } from './server-hello-13.ts';

/** Whether to look like TLS 1.2 to what stands in between (RFC 8446 §D.4). */
export function isCompatible({ overrides }: ClientSettings): boolean {
  return overrides.middleboxCompatibility ?? true;
}

/** What the hellos decided. */
export interface HelloOutcome {
  readonly suite: CipherSuite;
  readonly isRetry: boolean;
  readonly ech: ConnectionInfo['ech'] | 'rejected';
}

/**
 * Ends a connection whose Encrypted Client Hello was rejected (RFC 9849 §6.1.6).
 * @param retryConfigs ECHConfigList
 * @throws TlsError `ERR_TLS_ECH_REJECTED`
 */
export function failRejected(retryConfigs: Uint8Array | undefined): never {
  throw new TlsError(
    'ERR_TLS_ECH_REJECTED',
    'the server could not open the Encrypted Client Hello',
    retryConfigs === undefined ? {} : { retryConfigs },
  );
}

/** The client's side of a TLS 1.3 handshake behind the ServerHello (RFC 8446 §2), which is the transcript's last message. */
export function* clientHandshake13(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHello,
  { suite, isRetry, ech }: HelloOutcome,
): Handshake<Established> {
  const psk = selectedPsk(hello, serverHello, suite);
  const schedule = new KeySchedule(io.crypto, suite);
  const { group, sharedSecret } = yield* agreeOnSecret(hello, serverHello);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, psk?.psk, sharedSecret);
  const handshakeProtection = protectionOf(io, schedule, handshakeSecrets.client);
  io.openWith(protectionOf(io, schedule, handshakeSecrets.server));
  const sendsEarlyData = hello.offersEarlyData && !isRetry;
  if (!hello.offersEarlyData) {
    if (isCompatible(settings) && !isRetry) io.sendChangeCipherSpec();
    io.sealWith(handshakeProtection);
  }

  const answers = yield* readEncryptedExtensions(io, settings, hello, psk, suite);
  const retryConfigs = readRetryConfigs(answers.value(encryptedClientHello), ech);
  const isAccepted = answers.value(earlyData) === true;
  if (sendsEarlyData && !isAccepted) {
    io.endEarlyData('rejected');
    io.sealWith(handshakeProtection);
  }
  const server = yield* authenticateServer(io, settings, hello, psk, answers);
  yield* verifyFinished(io, schedule, handshakeSecrets.server);
  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.openWith(protectionOf(io, schedule, secrets.server));

  if (isAccepted) {
    io.endEarlyData('accepted');
    io.send(encodeEndOfEarlyData());
  }
  if (isAccepted || isRetry) io.sealWith(handshakeProtection);
  const client = yield* sendClientAuthentication(io, settings, server.certificateRequest, answers);
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.client, io.transcript.hash())));
  io.sealWith(protectionOf(io, schedule, secrets.client));

  if (ech === 'rejected') failRejected(retryConfigs);

  const alpnProtocol = answers.value(alpn);
  const info: ConnectionInfo = Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role: 'client',
    protocol: 'TLSv1.3',
    cipherSuite: suite.name,
    group: group.name,
    signatureScheme: server.signatureScheme,
    clientSignatureScheme: client.signatureScheme ?? psk?.session?.clientSignatureScheme,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName: hello.options.serverName,
    resumed: psk?.session !== undefined,
    helloRetryRequest: isRetry,
    earlyData: hello.offersEarlyData ? (isAccepted ? 'accepted' : 'rejected') : 'none',
    earlyDataReason: earlyDataOutcome(hello, isAccepted, psk, isRetry),
    ech,
    extendedMainSecret: true,
    externalPskIdentity: psk?.external?.identity,
    peer: server.peer,
    clientAuthentication: psk?.session?.clientAuthentication ?? client.state,
    identityIndex: client.identityIndex,
  });
  const receive = newSessionReader(io.sessionOwner, settings, {
    schedule,
    resumptionSecret: resumptionSecret(io, schedule, secrets),
    info,
    alpnProtocol,
    resumed: psk?.session,
    external: psk?.external,
  });
  return { info, keys: applicationKeys(io, schedule, 'client', secrets), receive };
}

function earlyDataOutcome(
  { offersEarlyData, earlyDataReason }: ClientHelloState,
  isAccepted: boolean,
  psk: OfferedPsk | undefined,
  isRetry: boolean,
): EarlyDataReason {
  if (!offersEarlyData || isAccepted) return earlyDataReason;
  if (isRetry) return 'helloRetryRequest';
  return psk === undefined ? 'sessionNotResumed' : 'peerDeclined';
}

/** RFC 9849 §6.1.4, §6.2: a server that took the offer sends none; what answers a decoy is checked and dropped. */
function readRetryConfigs(body: Uint8Array | undefined, ech: HelloOutcome['ech']): Uint8Array | undefined {
  if (body === undefined) return undefined;
  if (ech === 'accepted')
    throw new TlsError('ERR_TLS_UNSUPPORTED_EXTENSION', 'EncryptedExtensions: encrypted_client_hello was accepted');
  return decodeRetryConfigs(body);
}

interface AuthenticatedServer {
  readonly peer: PeerInfo | undefined;
  readonly signatureScheme: string | undefined;
  readonly certificateRequest: CertificateRequest | undefined;
}

/** By the PSK (RFC 8446 §2.2), or by certificate, which may come with a request for ours. */
function* authenticateServer(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  psk: OfferedPsk | undefined,
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
  const signatureScheme = yield* verifyCertificateVerify(io, 'server', publicKey, settings.signatureSchemes);
  return { peer, signatureScheme, certificateRequest };
}

function* authenticatedByPsk(
  { trust }: ClientSettings,
  { options }: ClientHelloState,
  session: SessionState | undefined,
): Handshake<AuthenticatedServer> {
  const peer = session?.peer;
  if (peer !== undefined) yield* askVerifyPeer(trust, 'server', options.serverName, peer, true);
  return { peer, signatureScheme: session?.signatureScheme, certificateRequest: undefined };
}

function offeredCompressors({ compressors }: ClientSettings) {
  return compressors.filter(({ decompress }) => decompress !== undefined);
}
