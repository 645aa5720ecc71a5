import { decodeAlpnProtocol, TlsError, type ClientHelloInfo } from '@org/tls-core';
import { equalBytes } from '../crypto/bytes.ts';
import type { NamedGroup } from '../crypto/named-groups.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { ExtensionType, refuseMisplaced } from '../wire/extension.ts';
import { decodeAlpn } from '../wire/extensions/alpn.ts';
import { decodeClientKeyShares, type KeyShareEntry } from '../wire/extensions/key-share.ts';
import { decodeSignatureAlgorithms, decodeSupportedGroups } from '../wire/extensions/number-lists.ts';
import { decodeServerName } from '../wire/extensions/server-name.ts';
import { decodeSupportedVersions, WireVersion } from '../wire/extensions/supported-versions.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeClientHello, type ClientHello } from '../wire/messages/client-hello.ts';

/** A ClientHello that offers TLS 1.3 and holds what §9.2 demands, its extensions decoded. */
export interface ClientHelloMessage extends ClientHello {
  /** The whole message. */
  readonly raw: Uint8Array;
  readonly supportedVersions: readonly number[];
  readonly supportedGroups: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly keyShares: readonly KeyShareEntry[];
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly Uint8Array[] | undefined;
  readonly hasEarlyData: boolean;
  /** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when there is none */
  keyShareOf(group: NamedGroup): Uint8Array;
}

/**
 * Receives a ClientHello and checks all that does not depend on our configuration; it is not yet part of the transcript.
 * @param first the one before the HelloRetryRequest, from which the second may hardly differ (RFC 8446 §4.1.2)
 */
export function* receiveClientHello(
  io: HandshakeIo,
  first: ClientHelloMessage | undefined,
): Handshake<ClientHelloMessage> {
  const { body, raw } = yield* io.next(HandshakeType.clientHello);
  const hello = decodeClientHello(body);
  const { extensions } = hello;
  const versionsBody = extensions.get(ExtensionType.supportedVersions);
  const supportedVersions = versionsBody === undefined ? [] : decodeSupportedVersions(versionsBody);
  if (!supportedVersions.includes(WireVersion.tls13)) {
    throw new TlsError(
      'ERR_TLS_PROTOCOL_VERSION',
      'the client does not offer TLS 1.3, and this backend speaks nothing older',
    );
  }
  refuseMisplaced(extensions, 'ClientHello');
  if (hello.legacyVersion < WireVersion.tls12) {
    throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'ClientHello: legacy_version is below 0x0303 (§4.1.2)');
  }
  if (hello.legacyCompressionMethods.length !== 1 || hello.legacyCompressionMethods[0] !== 0) {
    throw illegal('ClientHello: legacy_compression_methods is not exactly null (§4.1.2)');
  }
  const preSharedKeyAt = [...extensions.keys()].indexOf(ExtensionType.preSharedKey);
  if (preSharedKeyAt !== -1 && preSharedKeyAt !== extensions.size - 1)
    throw illegal('ClientHello: pre_shared_key is not the last extension (§4.2.11)');
  // §4.2.9: without psk_key_exchange_modes a pre_shared_key aborts
  if (preSharedKeyAt !== -1) need(extensions, ExtensionType.pskKeyExchangeModes, 'psk_key_exchange_modes');
  const keyShares = decodeClientKeyShares(need(extensions, ExtensionType.keyShare, 'key_share'));
  const serverName = extensions.get(ExtensionType.serverName);
  const alpn = extensions.get(ExtensionType.applicationLayerProtocolNegotiation);
  const supportedGroups = decodeSupportedGroups(need(extensions, ExtensionType.supportedGroups, 'supported_groups'));
  if (keyShares.some(({ group }) => !supportedGroups.includes(group))) {
    throw illegal('ClientHello: key_share of a group that is not in supported_groups (§4.2.8)');
  }
  if (first !== undefined) refuseChanges(first, hello);
  return {
    ...hello,
    raw,
    supportedVersions,
    supportedGroups,
    signatureAlgorithms: decodeSignatureAlgorithms(
      need(extensions, ExtensionType.signatureAlgorithms, 'signature_algorithms'),
    ),
    keyShares,
    serverName: serverName === undefined ? undefined : decodeServerName(serverName),
    alpnProtocols: alpn === undefined ? undefined : decodeAlpn(alpn),
    hasEarlyData: first?.hasEarlyData ?? extensions.has(ExtensionType.earlyData),
    keyShareOf(group) {
      const share = keyShares.find((each) => each.group === group.id);
      if (share === undefined) throw illegal(`ClientHello: no key_share of ${group.name}`);
      return share.keyExchange;
    },
  };
}

/** What the hooks are told. */
export function helloInfo(hello: ClientHelloMessage): ClientHelloInfo {
  return Object.freeze({
    serverName: hello.serverName,
    alpnProtocols: Object.freeze((hello.alpnProtocols ?? []).map((protocol) => decodeAlpnProtocol(protocol))),
    cipherSuites: hello.cipherSuites,
    groups: hello.supportedGroups,
    signatureSchemes: hello.signatureAlgorithms,
    supportedVersions: hello.supportedVersions,
  });
}

function need(extensions: ClientHello['extensions'], type: number, name: string): Uint8Array {
  const body = extensions.get(type);
  if (body === undefined) throw new TlsError('ERR_TLS_MISSING_EXTENSION', `ClientHello: no ${name} (§9.2)`);
  return body;
}

/** Extensions that a second ClientHello may change (RFC 8446 §4.1.2). */
const changeable: ReadonlySet<number> = new Set([
  ExtensionType.keyShare,
  ExtensionType.earlyData,
  ExtensionType.cookie,
  ExtensionType.preSharedKey,
  ExtensionType.padding,
]);

function refuseChanges(first: ClientHello, second: ClientHello): void {
  const isSame =
    first.legacyVersion === second.legacyVersion &&
    equalBytes(first.random, second.random) &&
    equalBytes(first.legacySessionId, second.legacySessionId) &&
    first.cipherSuites.join() === second.cipherSuites.join() &&
    sameExtensions(first.extensions, second.extensions) &&
    sameExtensions(second.extensions, first.extensions);
  if (!isSame) throw illegal('ClientHello: changed more than it may after a HelloRetryRequest (§4.1.2)');
}

function sameExtensions(left: ClientHello['extensions'], right: ClientHello['extensions']): boolean {
  for (const [type, body] of left) {
    if (changeable.has(type)) continue;
    const other = right.get(type);
    if (other === undefined || !equalBytes(body, other)) return false;
  }
  return true;
}

function illegal(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}
