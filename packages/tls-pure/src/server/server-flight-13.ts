import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { sendAuthentication } from '../handshake/own-certificate.ts';
import { randomBytes } from '../handshake/settings.ts';
import { shapedExtensions } from '../handshake/shaped-extensions.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import {
  deriveApplicationSecrets,
  deriveHandshakeSecrets,
  protectionOf,
  type ApplicationSecrets,
  type HandshakeSecrets,
} from '../handshake/traffic-secrets.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import { compressCertificate } from '../wire/extensions/compress-certificate.ts';
import { signedCertificateTimestamp } from '../wire/extensions/signed-certificate-timestamp.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { encodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { encodeServerHello } from '../wire/messages/server-hello.ts';
import { certificateRequest } from './client-certificate.ts';
import { encryptedExtensions } from './encrypted-extensions.ts';
import type { Chosen13 } from './negotiation-13.ts';
import { serverHelloExtensions13 } from './server-hello-extensions-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** What protects the handshake from the ServerHello on. */
export interface HandshakeKeys {
  readonly schedule: KeySchedule;
  readonly handshakeSecrets: HandshakeSecrets;
}

/** What protects the connection from the server's Finished on. */
export interface ConnectionSecrets extends HandshakeKeys {
  readonly secrets: ApplicationSecrets;
}

/**
 * Sends everything from ServerHello to the server's Finished (RFC 8446 §2).
 *
 * Before, the transcript ends with the ClientHello; behind, with the server's Finished, and the server seals with its application keys.
 */
export function* sendServerFlight(
  io: HandshakeIo,
  settings: ServerSettings,
  chosen: Chosen13,
): Handshake<ConnectionSecrets> {
  const keys = yield* sendServerHello(io, settings, chosen);
  io.sealWith(protectionOf(io, keys.schedule, keys.handshakeSecrets.server));
  sendEncryptedExtensions(io, settings, chosen);
  sendCertificateRequest(io, settings, chosen);
  yield* sendServerAuthentication(io, settings, chosen);
  return sendServerFinished(io, chosen, keys);
}

/** Behind it the transcript ends with ServerHello, from which the handshake's secrets are derived. */
function* sendServerHello(
  io: HandshakeIo,
  settings: ServerSettings,
  { hello, ech, group, suite, psk, isRetry }: Chosen13,
): Handshake<HandshakeKeys> {
  const random = randomBytes(settings, 32);
  const { keyExchange, sharedSecret } = yield* settle(settings.encapsulate(group, hello.keyShareOf(group)));
  const planned = serverHelloExtensions13({ group, keyExchange, pskIndex: psk?.index });
  const serverHello = encodeServerHello({
    random,
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: suite.id,
    extensions: shapedExtensions(settings, 'ServerHello', planned),
  });
  io.send(ech.confirm(suite.hash, hello, serverHello));
  // §D.4: once in a handshake, and only towards a client whose session id shows that it wants this
  if (hello.legacySessionId.length > 0 && !isRetry) io.sendChangeCipherSpec();
  const schedule = new KeySchedule(io.crypto, suite);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, psk?.psk, sharedSecret);
  return { schedule, handshakeSecrets };
}

function sendEncryptedExtensions(io: HandshakeIo, settings: ServerSettings, chosen: Chosen13): void {
  const planned = encryptedExtensions(settings, chosen.hello, {
    protocol: 'TLSv1.3',
    alpnProtocol: chosen.alpnProtocol,
    resumesSession: chosen.psk?.session !== undefined,
    acceptsEarlyData: chosen.earlyDataReason === 'accepted',
    tickets: chosen.tickets,
    serverCertificateType: chosen.serverCertificateType,
    clientCertificateType: chosen.clientCertificateType,
    retryConfigs: chosen.ech.isRejected ? settings.ech.retryConfigs : undefined,
  });
  io.send(encodeEncryptedExtensions(shapedExtensions(settings, 'EncryptedExtensions', planned)));
}

function sendCertificateRequest(io: HandshakeIo, settings: ServerSettings, { clientCertificateType }: Chosen13): void {
  if (clientCertificateType === undefined) return;
  io.expectCertificate();
  io.send(certificateRequest(settings));
}

function* sendServerAuthentication(
  io: HandshakeIo,
  { config }: ServerSettings,
  { hello, identity }: Chosen13,
): Handshake<void> {
  if (identity === undefined) return;
  const wishes = {
    requestContext: new Uint8Array(0),
    ocspResponse: hello.value(statusRequest) ?? false,
    certificateTimestamps: hello.has(signedCertificateTimestamp),
    compressionAlgorithms: hello.value(compressCertificate) ?? new Uint16Array(0),
  };
  yield* sendAuthentication(io, 'server', identity, wishes, config.certificateCompressors);
}

/** Behind it the transcript ends with the server's Finished, from which the connection's secrets are derived. */
function sendServerFinished(io: HandshakeIo, { hello }: Chosen13, keys: HandshakeKeys): ConnectionSecrets {
  const { schedule, handshakeSecrets } = keys;
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.server, io.transcript.hash())));
  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.sealWith(protectionOf(io, schedule, secrets.server));
  return { secrets, ...keys };
}
