import { TlsError } from '@org/tls-core';
import { decodeEchClientHello } from '../ech/extension.ts';
import { openClientHello, type OpenedEch } from '../ech/server-open.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import { ExtensionType } from '../wire/extension.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeClientHello } from '../wire/messages/client-hello.ts';
import { checkClientHello13 } from './client-hello-checks.ts';
import { helloInfo, readClientHello, type ClientHelloMessage } from './client-hello-message.ts';
import { serverHandshake12 } from './server-handshake-12.ts';
import { serverHandshake13 } from './server-handshake-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** The server's side of a handshake, from ClientHello to the client's Finished. */
export function* serverHandshake(io: HandshakeIo, initial: ServerSettings): Handshake<Established> {
  const { hello, ech } = yield* receiveFirstHello(io, initial);
  const info = helloInfo(hello);
  const { selectSettings } = initial;
  const selected =
    selectSettings === undefined ? undefined : yield* runHook('selectContext', () => selectSettings(info));
  const settings = selected ?? initial;
  const version = chooseVersion(settings, hello);
  io.owner.inbound.setVersion(version === WireVersion.tls13);
  if (version === WireVersion.tls12) return yield* serverHandshake12(io, settings, hello, info);
  return yield* serverHandshake13(io, settings, checkClientHello13(hello, undefined), info, ech);
}

/** What became of a client's Encrypted Client Hello (RFC 9849 §7). */
export interface ServerEch {
  /** It was opened, or a split server before us has done so: its acceptance must be confirmed. */
  readonly isInner: boolean;
  readonly opened: OpenedEch | undefined;
  /** The client offered one that could not be opened. */
  readonly isRejected: boolean;
}

const noEch: ServerEch = { isInner: false, opened: undefined, isRejected: false };

/** The ClientHello that counts: what an Encrypted Client Hello holds where it can be opened. Not yet part of the transcript. */
function* receiveFirstHello(
  io: HandshakeIo,
  { crypto, ech }: ServerSettings,
): Handshake<{ readonly hello: ClientHelloMessage; readonly ech: ServerEch }> {
  const { body, raw } = yield* io.next(HandshakeType.clientHello);
  const outer = decodeClientHello(body);
  const extension = outer.extensions.get(ExtensionType.encryptedClientHello);
  if (extension === undefined) return { hello: readClientHello(outer, raw), ech: noEch };
  const decoded = decodeEchClientHello(extension);
  if (decoded.type === 'inner') return { hello: readClientHello(outer, raw), ech: { ...noEch, isInner: true } };
  const opened =
    ech.keys.length === 0
      ? undefined
      : yield* settle(openClientHello(crypto, ech.keys, { hello: outer, raw }, decoded));
  if (opened === undefined) return { hello: readClientHello(outer, raw), ech: { ...noEch, isRejected: true } };
  return { hello: readInner(opened.clientHelloInner), ech: { isInner: true, opened, isRejected: false } };
}

/** @param message the whole ClientHelloInner */
export function readInner(message: Uint8Array): ClientHelloMessage {
  return readClientHello(decodeClientHello(message.subarray(4)), message);
}

/** TLS_FALLBACK_SCSV (RFC 7507). */
const fallbackScsv = 0x5600;

/**
 * @throws TlsError `ERR_TLS_PROTOCOL_VERSION` when there is none in common, `ERR_TLS_INAPPROPRIATE_FALLBACK` when the client took an
 *   older one than it had to (RFC 7507 §3)
 */
function chooseVersion(
  { speaksTls12, speaksTls13 }: ServerSettings,
  { supportedVersions, legacyVersion, cipherSuites, extensions }: ClientHelloMessage,
): typeof WireVersion.tls12 | typeof WireVersion.tls13 {
  // RFC 8446 §4.2.1: where the extension is, it alone says
  const isOld = !extensions.has(ExtensionType.supportedVersions);
  if (speaksTls13 && supportedVersions.includes(WireVersion.tls13)) return WireVersion.tls13;
  const offers12 = isOld ? legacyVersion >= WireVersion.tls12 : supportedVersions.includes(WireVersion.tls12);
  // RFC 7507 §3: before the version itself is looked at
  if (speaksTls13 && cipherSuites.includes(fallbackScsv))
    throw new TlsError('ERR_TLS_INAPPROPRIATE_FALLBACK', 'the client fell back to an older version, and need not have');
  if (!speaksTls12 || !offers12) {
    throw new TlsError(
      'ERR_TLS_PROTOCOL_VERSION',
      `the client offers no version that this server speaks; its legacy_version is 0x${legacyVersion.toString(16)}`,
    );
  }
  return WireVersion.tls12;
}
