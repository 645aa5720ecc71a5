import { TlsError, type PeerInfo } from '@org/tls-core';
import type { NamedGroup, PublicKey } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { refuseCertificateType, verifyPeerCertificate, type VerifiedPeer } from '../handshake/peer-verification.ts';
import { keyFitsSuite, verifySignature12 } from '../handshake/proofs-12.ts';
import type { Handshake } from '../handshake/steps.ts';
import { serverCertificateType } from '../wire/extensions/certificate-types.ts';
import { signedCertificateTimestamp } from '../wire/extensions/signed-certificate-timestamp.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { HandshakeType, type HandshakeMessage } from '../wire/handshake-message.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { decodeCertificateStatus } from '../wire/messages/certificate-status.ts';
import { decodeCertificate12 } from '../wire/messages/certificate-12.ts';
import type { HelloRandoms } from '../wire/messages/hello-randoms.ts';
import { decodeServerHelloDone } from '../wire/messages/server-hello-done.ts';
import { decodeServerKeyExchange, signedParams } from '../wire/messages/server-key-exchange.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { ServerHelloMessage } from './server-hello.ts';
import type { ServerChoices12 } from './server-hello-12.ts';

/** What the hellos have led to. */
export interface Answered12 {
  readonly hello: ClientHelloState;
  readonly serverHello: ServerHelloMessage;
  readonly choices: ServerChoices12;
  readonly randoms: HelloRandoms;
}

/** What a server has sent and proved up to ServerHelloDone. */
export interface ServerFlight12 extends SignedKeyExchange {
  readonly peer: PeerInfo;
  /** `undefined`: the server does not ask for our certificate. */
  readonly certificateRequest: HandshakeMessage | undefined;
}

interface SignedKeyExchange {
  readonly group: NamedGroup;
  readonly keyExchange: Uint8Array;
  /** IANA's name of the scheme that the server signed its share with. */
  readonly signatureScheme: string;
}

/** Receives and verifies the messages between ServerHello and ServerHelloDone, which is then the transcript's last message. */
export function* receiveServerFlight12(
  io: HandshakeIo,
  settings: ClientSettings,
  answered: Answered12,
): Handshake<ServerFlight12> {
  const { peer, publicKey } = yield* receiveServerCertificate(io, settings, answered);
  const exchange = yield* receiveServerKeyExchange(io, settings, answered, publicKey);
  const next = yield* io.receive(HandshakeType.certificateRequest, HandshakeType.serverHelloDone);
  const certificateRequest = next.type === HandshakeType.certificateRequest ? next : undefined;
  const done = certificateRequest === undefined ? next : yield* io.receive(HandshakeType.serverHelloDone);
  decodeServerHelloDone(done.body);
  io.refuseExcess();
  return { peer, certificateRequest, ...exchange };
}

function* receiveServerCertificate(
  io: HandshakeIo,
  settings: ClientSettings,
  { hello, choices }: Answered12,
): Handshake<VerifiedPeer> {
  const { answers } = choices;
  const type = answers.value(serverCertificateType);
  refuseCertificateType(settings, type);
  const { body } = yield* io.receive(HandshakeType.certificate);
  const entries = decodeCertificate12(body, type);
  if (entries.length === 0) throw new TlsError('ERR_TLS_DECODE', 'Certificate: the server sent no certificate');
  const isRaw = type === 'RawPublicKey';
  const status =
    answers.value(statusRequest) === true ? yield* io.receiveIf(HandshakeType.certificateStatus) : undefined;
  const verified = yield* verifyPeerCertificate(settings, 'server', hello.options.serverName, {
    chain: Object.freeze(isRaw ? [] : entries),
    rawPublicKey: isRaw ? entries[0] : undefined,
    ocspResponse: status === undefined ? undefined : decodeCertificateStatus(status.body),
    signedCertificateTimestamps: answers.value(signedCertificateTimestamp),
  });
  const { info } = verified.publicKey;
  if (info.type === 'ec' && !takesCurve(settings, info.curve))
    throw illegalParameter('Certificate: its key is on a curve that was not offered');
  if (!keyFitsSuite(info, choices.suite))
    throw illegalParameter('Certificate: its key is of another type than the cipher suite’s');
  return verified;
}

/** RFC 8422 §5.1.1: certificates, too, are on the curves that were offered. */
function takesCurve({ groups }: ClientSettings, curve: string): boolean {
  return groups.some(({ name }) => name === curve);
}

/** RFC 8422 §5.4: the group must be one that we offered. */
function* receiveServerKeyExchange(
  io: HandshakeIo,
  settings: ClientSettings,
  { randoms }: Answered12,
  publicKey: PublicKey,
): Handshake<SignedKeyExchange> {
  const { body } = yield* io.receive(HandshakeType.serverKeyExchange);
  const exchange = decodeServerKeyExchange(body);
  const group = settings.groups.find(({ id, tls12 }) => tls12 && id === exchange.namedCurve);
  if (group === undefined) throw illegalParameter(`ServerKeyExchange: group ${exchange.namedCurve} was not offered`);
  const content = signedParams(randoms, exchange.params);
  const signatureScheme = yield* verifySignature12(publicKey, settings.signatureSchemes, exchange, content);
  return { group, keyExchange: exchange.publicKey, signatureScheme };
}
