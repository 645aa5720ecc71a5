import { TlsError } from '@org/tls-core';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { ofThisMoment } from '../handshake/settings.ts';
import { runHook, type Handshake } from '../handshake/steps.ts';
import { supportedVersions, WireVersion } from '../wire/extensions/supported-versions.ts';
import { ClientHello13 } from './client-hello-checks.ts';
import { helloInfo, type ClientHelloMessage } from './client-hello-message.ts';
import { receiveFirstHello } from './server-ech.ts';
import { serverHandshake12 } from './server-handshake-12.ts';
import { serverHandshake13 } from './server-handshake-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** The server's side of a handshake, from ClientHello to the client's Finished. */
export function* serverHandshake(io: HandshakeIo, initial: ServerSettings): Handshake<Established> {
  const { hello, ech } = yield* receiveFirstHello(io, initial);
  const { selectContext } = initial.config;
  const info = selectContext && helloInfo(hello);
  const selected = info && (yield* runHook('selectContext', () => selectContext(info)));
  const settings = ofThisMoment(selected === undefined ? initial : initial.settingsOf(selected));
  const version = chooseVersion(settings, hello);
  io.setVersion(version);
  if (version === WireVersion.tls12) return yield* serverHandshake12(io, settings, hello);
  return yield* serverHandshake13(io, settings, new ClientHello13(hello, undefined), ech);
}

/** TLS_FALLBACK_SCSV (RFC 7507). */
const fallbackScsv = 0x5600;

/**
 * Refuses a client that fell back although this server speaks a newer version (RFC 7507 §3). This is checked before a version is chosen.
 * Of the versions that a client offers, those of other protocols and reserved ones (RFC 8701) count for nothing.
 */
function refuseFallback(highest: number, hello: ClientHelloMessage): void {
  if (!hello.cipherSuites.includes(fallbackScsv)) return;
  const offered = hello.value(supportedVersions)?.filter((version) => version >> 8 === 3) ?? [hello.legacyVersion];
  if (offered.some((version) => version >= highest)) return;
  throw new TlsError('ERR_TLS_INAPPROPRIATE_FALLBACK', 'the client fell back to an older version, and need not have');
}

/**
 * @throws TlsError `ERR_TLS_PROTOCOL_VERSION` when there is none in common, `ERR_TLS_INAPPROPRIATE_FALLBACK` when the client took an
 *   older one than it had to (RFC 7507 §3)
 */
function chooseVersion(
  { speaksTls12, speaksTls13 }: ServerSettings,
  hello: ClientHelloMessage,
): typeof WireVersion.tls12 | typeof WireVersion.tls13 {
  refuseFallback(speaksTls13 ? WireVersion.tls13 : WireVersion.tls12, hello);
  const { legacyVersion } = hello;
  const versions = hello.value(supportedVersions);
  if (speaksTls13 && versions?.includes(WireVersion.tls13) === true) return WireVersion.tls13;
  // RFC 8446 §4.2.1: where the extension is present, it alone decides
  const offers12 = versions?.includes(WireVersion.tls12) ?? legacyVersion >= WireVersion.tls12;
  if (!speaksTls12 || !offers12) {
    throw new TlsError(
      'ERR_TLS_PROTOCOL_VERSION',
      `the client offers no version that this server speaks; its legacy_version is 0x${legacyVersion.toString(16)}`,
    );
  }
  return WireVersion.tls12;
}
