import { decodeAlpnProtocol, TlsError, type ConnectionInfo } from '@org/tls-core';
import { helloInfo, receiveClientHello, type ClientHelloMessage } from './client-hello-checks.ts';
import { chooseAlpn, chooseCipherSuite, chooseGroup, chooseIdentity } from './choices.ts';
import type { ServerSettings } from './server-settings.ts';
import type { CipherSuite } from '../crypto/cipher-suites.ts';
import type { NamedGroup } from '../crypto/named-groups.ts';
import type { Established } from '../handshake/application-keys.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyFinished } from '../handshake/proofs.ts';
import { randomBytes } from '../handshake/settings.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import { deriveApplicationSecrets, deriveHandshakeSecrets, finishSecrets } from '../handshake/traffic-secrets.ts';
import { KeySchedule } from '../schedule/key-schedule.ts';
import { ExtensionType, type Extension, type ExtensionCarrier } from '../wire/extension.ts';
import { encodeAlpn } from '../wire/extensions/alpn.ts';
import { encodeSelectedGroup, encodeServerKeyShare } from '../wire/extensions/key-share.ts';
import { serverNameAcknowledgement } from '../wire/extensions/server-name.ts';
import { encodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';
import { encodeCertificate } from '../wire/messages/certificate.ts';
import { encodeCertificateVerify, signedContent } from '../wire/messages/certificate-verify.ts';
import { encodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import { encodeServerHello, helloRetryRequestRandom } from '../wire/messages/server-hello.ts';

/** Bytes of rejected early data that are skipped (RFC 8446 §4.2.10); more than any stack we know lets through unasked. */
const maxSkippedEarlyData = 2 ** 14;

/** The server's side of a TLS 1.3 handshake (RFC 8446 §2), from ClientHello to the client's Finished. */
export function* serverHandshake(io: HandshakeIo, settings: ServerSettings): Handshake<Established> {
  let hello = yield* receiveClientHello(io, undefined);
  const suite = chooseCipherSuite(settings, hello);
  const { group, needsRetry } = chooseGroup(settings, hello);
  if (hello.hasEarlyData) io.skipEarlyData(maxSkippedEarlyData);
  if (needsRetry) hello = yield* requestRetry(io, settings, hello, suite, group);
  io.transcript.begin(suite.hash);
  io.transcript.add(hello.raw);

  const info = helloInfo(hello);
  const alpnProtocol = chooseAlpn(settings, hello);
  const { identity, scheme } = yield* chooseIdentity(settings, hello, info);

  const random = randomBytes(settings, 32);
  const keyShare = settings.generateKeyShare(group);
  const sharedSecret = yield* settle(keyShare.deriveSharedSecret(hello.keyShareOf(group)));
  const shape = settings.overrides.shapeExtensions ?? keep;
  io.send(
    encodeServerHello({
      random,
      legacySessionIdEcho: hello.legacySessionId,
      cipherSuite: suite.id,
      extensions: shape('ServerHello', [
        encodeServerKeyShare({ group: group.id, keyExchange: keyShare.publicKey }),
        encodeSelectedVersion(WireVersion.tls13),
      ]),
    }),
  );
  // §D.4: only towards a client that showed by its session id that it wants this
  if (hello.legacySessionId.length > 0 && !needsRetry) io.sendChangeCipherSpec();

  const schedule = new KeySchedule(io.crypto, suite);
  const handshakeSecrets = deriveHandshakeSecrets(io, schedule, hello.random, sharedSecret);
  io.sealWith(schedule, handshakeSecrets.server);
  io.openWith(schedule, handshakeSecrets.client);

  const encryptedExtensions: Extension[] = [];
  if (hello.serverName !== undefined) encryptedExtensions.push(serverNameAcknowledgement);
  if (alpnProtocol !== undefined) encryptedExtensions.push(encodeAlpn([alpnProtocol]));
  io.send(encodeEncryptedExtensions(shape('EncryptedExtensions', encryptedExtensions)));
  io.send(encodeCertificate(new Uint8Array(0), identity.chain));
  const content = signedContent('server', io.transcript.hash());
  const signature = yield* runHook('signer.sign', () => identity.sign(scheme.name, content));
  io.send(encodeCertificateVerify({ algorithm: scheme.id, signature }));
  io.send(encodeFinished(schedule.verifyData(handshakeSecrets.server, io.transcript.hash())));

  const secrets = deriveApplicationSecrets(io, schedule, hello.random, handshakeSecrets);
  io.sealWith(schedule, secrets.server);
  yield* verifyFinished(io, schedule, handshakeSecrets.client);
  io.openWith(schedule, secrets.client);
  io.sendPostHandshake(settings.overrides.afterHandshake ?? []);

  const connectionInfo: ConnectionInfo = Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role: 'server',
    protocol: 'TLSv1.3',
    cipherSuite: suite.name,
    group: group.name,
    signatureScheme: scheme.name,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName: hello.serverName,
    resumed: false,
    helloRetryRequest: needsRetry,
    earlyData: hello.hasEarlyData ? 'rejected' : 'none',
    peer: undefined,
    clientAuthentication: 'none',
  });
  return { info: connectionInfo, keys: finishSecrets(io, schedule, 'server', secrets, handshakeSecrets) };
}

/** Sends a HelloRetryRequest and takes the second ClientHello, which is not yet part of the transcript (RFC 8446 §4.1.4). */
function* requestRetry(
  io: HandshakeIo,
  settings: ServerSettings,
  first: ClientHelloMessage,
  suite: CipherSuite,
  group: NamedGroup,
): Handshake<ClientHelloMessage> {
  io.transcript.add(first.raw);
  io.transcript.replaceWithMessageHash(suite.hash);
  const planned = [encodeSelectedGroup(group.id), encodeSelectedVersion(WireVersion.tls13)];
  io.send(
    encodeServerHello({
      random: helloRetryRequestRandom,
      legacySessionIdEcho: first.legacySessionId,
      cipherSuite: suite.id,
      extensions: (settings.overrides.shapeExtensions ?? keep)('HelloRetryRequest', planned),
    }),
  );
  if (first.legacySessionId.length > 0) io.sendChangeCipherSpec();
  const second = yield* receiveClientHello(io, first);
  const [share, ...surplus] = second.keyShares;
  if (share?.group !== group.id || surplus.length > 0) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      `ClientHello: expected one key_share of ${group.name} after the HelloRetryRequest (§4.2.8)`,
    );
  }
  if (second.extensions.has(ExtensionType.earlyData)) {
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'ClientHello: early_data after a HelloRetryRequest (§4.1.2)');
  }
  return second;
}

function keep(_carrier: ExtensionCarrier, extensions: readonly Extension[]): readonly Extension[] {
  return extensions;
}
