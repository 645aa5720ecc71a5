import type { KeyShare, CipherSuite12 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { isScheme12 } from '../handshake/proofs-12.ts';
import { randomBytes } from '../handshake/settings.ts';
import { shapedExtensions } from '../handshake/shaped-extensions.ts';
import { runHook, type Handshake } from '../handshake/steps.ts';
import { encodeCertificateStatus } from '../wire/messages/certificate-status.ts';
import { encodeServerHello } from '../wire/messages/server-hello.ts';
import { ClientCertificateType, encodeCertificateRequest12 } from '../wire/messages/certificate-request-12.ts';
import { encodeCertificate12 } from '../wire/messages/certificate-12.ts';
import type { HelloRandoms } from '../wire/messages/hello-randoms.ts';
import { encodeServerHelloDone } from '../wire/messages/server-hello-done.ts';
import { encodeServerEcdhParams, encodeServerKeyExchange, signedParams } from '../wire/messages/server-key-exchange.ts';
import type { Chosen12 } from './negotiation-12.ts';
import { serverHelloExtensions12, type ServerHelloChoices12 } from './server-hello-extensions-12.ts';
import type { ServerSettings } from './server-settings.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';

/** What a ServerHello of TLS 1.2 says. */
export interface ServerHello12 extends ServerHelloChoices12 {
  readonly suite: CipherSuite12;
  /** The client's own id when its session is resumed, another one when a session is kept by it, else empty. */
  readonly sessionId: Uint8Array;
}

/** The end of the random of a server that could do better (RFC 8446 §4.1.3). */
const downgradeSentinel = Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01);

/** Sends the ServerHello. Before, the transcript is empty; behind, it ends with the ServerHello, and keeps its messages. */
export function sendServerHello12(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
  { suite, sessionId, ...choices }: ServerHello12,
): HelloRandoms {
  const random = randomBytes(settings, 32);
  if (settings.speaksTls13) random.set(downgradeSentinel, 24);
  io.transcript.keepMessages();
  io.transcript.begin(suite.hash);
  io.transcript.add(hello.raw);
  const planned = serverHelloExtensions12(settings, hello, choices);
  const extensions = shapedExtensions(settings, 'ServerHello', planned);
  io.send(encodeServerHello({ random, legacySessionIdEcho: sessionId, cipherSuite: suite.id, extensions }));
  return { client: hello.random, server: random };
}

/** What the client's answer to a server's flight is combined with. */
export interface ServerFlight12 {
  readonly randoms: HelloRandoms;
  readonly keyShare: KeyShare;
}

/** Sends everything from ServerHello to ServerHelloDone, which is then the transcript's last message (RFC 5246 §7.3). */
export function* sendServerFlight12(
  io: HandshakeIo,
  settings: ServerSettings,
  chosen: Chosen12,
): Handshake<ServerFlight12> {
  const { hello, clientCertificateType, ocspResponse } = chosen;
  const { identity } = chosen.identity;
  const randoms = sendServerHello12(io, settings, hello, {
    protocol: 'TLSv1.2',
    resumesSession: false,
    serverCertificateType: identity.certificateType,
    sendsCertificateStatus: ocspResponse !== undefined,
    signedCertificateTimestamps: identity.signedCertificateTimestamps,
    ...chosen,
  });
  io.send(encodeCertificate12(identity.entries, identity.certificateType));
  if (ocspResponse !== undefined) io.send(encodeCertificateStatus(ocspResponse));
  const keyShare = yield* sendServerKeyExchange(io, settings, chosen, randoms);
  if (clientCertificateType !== undefined) io.send(certificateRequest(settings));
  io.send(encodeServerHelloDone());
  return { randoms, keyShare };
}

function* sendServerKeyExchange(
  io: HandshakeIo,
  settings: ServerSettings,
  { group, identity: { identity, scheme } }: Chosen12,
  randoms: HelloRandoms,
): Handshake<KeyShare> {
  const keyShare = settings.generateKeyShare(group);
  const params = encodeServerEcdhParams({ namedCurve: group.id, publicKey: keyShare.publicKey });
  const content = signedParams(randoms, params);
  const signature = yield* runHook('signer.sign', () => identity.sign(scheme.name, content));
  io.send(encodeServerKeyExchange({ params, algorithm: scheme.id, signature }));
  return keyShare;
}

function certificateRequest({ signatureSchemes, config }: ServerSettings): Uint8Array {
  return encodeCertificateRequest12({
    certificateTypes: [ClientCertificateType.ecdsaSign, ClientCertificateType.rsaSign],
    supportedSignatureAlgorithms: signatureSchemes.filter((scheme) => isScheme12(scheme)).map(({ id }) => id),
    certificateAuthorities: config.certificateAuthorities,
  });
}
