import { TlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { ExtensionType } from '../wire/extension.ts';
import { decodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { decodeServerHello, type ServerHello } from '../wire/messages/server-hello.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';

/** A ServerHello whose version is one that we offered. */
export interface ServerHelloMessage extends ServerHello {
  readonly version: typeof WireVersion.tls12 | typeof WireVersion.tls13;
  /** The whole message. */
  readonly raw: Uint8Array;
}

type VersionOf = (serverHello: ServerHello) => ServerHelloMessage['version'];

/** Receives a ServerHello of a version that we offered. It is not yet part of the transcript, which may have to change first. */
export function receiveServerHello(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
): Handshake<ServerHelloMessage> {
  return receive(io, hello, (serverHello) => chosenVersion(settings, serverHello));
}

/** Receives the ServerHello behind a HelloRetryRequest, which must be of the same version (RFC 8446 §4.1.4). */
export function receiveSecondServerHello(io: HandshakeIo, hello: ClientHelloState): Handshake<ServerHelloMessage> {
  return receive(io, hello, retainedVersion);
}

function* receive(io: HandshakeIo, hello: ClientHelloState, versionOf: VersionOf): Handshake<ServerHelloMessage> {
  const { body, raw } = yield* io.next(HandshakeType.serverHello);
  // RFC 8446 §5.1: only the records of the first ClientHello name an older version
  io.setLegacyRecordVersion(WireVersion.tls12);
  const serverHello = decodeServerHello(body);
  const version = versionOf(serverHello);
  io.setVersion(version);
  if (serverHello.legacyCompressionMethod !== 0)
    throw illegalParameter('ServerHello: legacy_compression_method is not 0 (§4.1.3)');
  if (version === WireVersion.tls13 && !equalBytes(serverHello.legacySessionIdEcho, hello.legacySessionId))
    throw illegalParameter('ServerHello: legacy_session_id_echo differs (§4.1.3)');
  return { version, raw, ...serverHello };
}

/**
 * @throws TlsError `ERR_TLS_DOWNGRADE` when the server says that it could do better (§4.1.3), `ERR_TLS_PROTOCOL_VERSION` on a version
 *   that was not offered
 */
function chosenVersion(
  settings: ClientSettings,
  { extensions, legacyVersion, random }: ServerHello,
): ServerHelloMessage['version'] {
  const selected = extensions.get(ExtensionType.supportedVersions);
  if (selected !== undefined && settings.speaksTls13) {
    if (decodeSelectedVersion(selected) === WireVersion.tls13) return WireVersion.tls13;
    // §4.2.1: the extension never names an older version
    throw illegalParameter('ServerHello: supported_versions is not TLS 1.3 (§4.2.1)');
  }
  const sentinel = String.fromCharCode(...random.subarray(24));
  if (settings.speaksTls13 && (sentinel === 'DOWNGRD\u0001' || sentinel === 'DOWNGRD\u0000')) {
    throw new TlsError(
      'ERR_TLS_DOWNGRADE',
      'the server supports TLS 1.3 and yet chose an older version: someone in between changed the handshake',
    );
  }
  if (settings.speaksTls12 && legacyVersion === WireVersion.tls12) return WireVersion.tls12;
  throw new TlsError(
    'ERR_TLS_PROTOCOL_VERSION',
    `the server chose version 0x${legacyVersion.toString(16).padStart(4, '0')}, which was not offered`,
  );
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the server goes back on TLS 1.3, which its HelloRetryRequest was of (§4.1.4) */
function retainedVersion({ extensions }: ServerHello): typeof WireVersion.tls13 {
  const selected = extensions.get(ExtensionType.supportedVersions);
  if (selected !== undefined && decodeSelectedVersion(selected) === WireVersion.tls13) return WireVersion.tls13;
  throw illegalParameter('ServerHello: not the version of the HelloRetryRequest (§4.1.4)');
}
