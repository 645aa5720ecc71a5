import { TlsError, type CertificateType } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { NamedGroup } from '@org/tls-crypto';
import { ExtensionType, refuseMisplaced } from '../wire/extension.ts';
import { decodeCertificateTimestampRequest } from '../wire/extensions/certificate-timestamps.ts';
import { decodeCertificateTypes } from '../wire/extensions/certificate-types.ts';
import { decodeCompressCertificate } from '../wire/extensions/compress-certificate.ts';
import { decodeCookie } from '../wire/extensions/cookie.ts';
import { decodeEarlyDataIndication } from '../wire/extensions/early-data.ts';
import { decodeClientKeyShares } from '../wire/extensions/key-share.ts';
import { decodeOfferedPsks, type ReceivedPsks } from '../wire/extensions/pre-shared-key.ts';
import { decodePskKeyExchangeModes, PskKeyExchangeMode } from '../wire/extensions/psk-key-exchange-modes.ts';
import { decodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { decodeStatusRequest } from '../wire/extensions/status-request.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { decodeTicketRequest, type TicketRequest } from '../wire/extensions/ticket-request.ts';
import type { ClientHello } from '../wire/messages/client-hello.ts';
import { isSubset } from '../wire/number-set.ts';
import type { NumberedVectors } from '../wire/numbered-vectors.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';

/** A ClientHello that offers TLS 1.3 and holds what §9.2 demands, its extensions decoded. */
export interface ClientHello13 extends ClientHelloMessage {
  readonly supportedGroups: Uint16Array;
  readonly keyShares: NumberedVectors;
  /** `undefined` as well when the client does not do psk_dhe_ke. */
  readonly offeredPsks: ReceivedPsks | undefined;
  /** The client can resume: it does psk_dhe_ke. */
  readonly takesTickets: boolean;
  readonly hasEarlyData: boolean;
  readonly cookie: Uint8Array | undefined;
  readonly compressionAlgorithms: Uint16Array;
  /** `undefined`: absent, which is X.509 (RFC 7250 §4.1). */
  readonly clientCertificateTypes: readonly CertificateType[] | undefined;
  readonly serverCertificateTypes: readonly CertificateType[] | undefined;
  readonly wantsOcspResponse: boolean;
  readonly wantsCertificateTimestamps: boolean;
  readonly ticketRequest: TicketRequest | undefined;
  readonly recordSizeLimit: number | undefined;
  /** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when there is none */
  keyShareOf(group: NamedGroup): Uint8Array;
}

/**
 * Checks all of a ClientHello that does not depend on our configuration.
 * @param first the one before the HelloRetryRequest, from which the second may hardly differ (RFC 8446 §4.1.2)
 */
export function checkClientHello13(hello: ClientHelloMessage, first: ClientHello13 | undefined): ClientHello13 {
  const { extensions } = hello;
  refuseMisplaced(extensions, 'ClientHello');
  if (hello.legacyVersion < WireVersion.tls12) {
    throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'ClientHello: legacy_version is below 0x0303 (§4.1.2)');
  }
  if (hello.legacyCompressionMethods.length !== 1 || hello.legacyCompressionMethods[0] !== 0) {
    throw illegal('ClientHello: legacy_compression_methods is not exactly null (§4.1.2)');
  }
  const offeredPsks = checkPsks(hello);
  const modes = extensions.decode(ExtensionType.pskKeyExchangeModes, decodePskKeyExchangeModes);
  const takesTickets = modes?.includes(PskKeyExchangeMode.pskDheKe) ?? false;
  const supportedGroups = need(hello.supportedGroups, 'supported_groups');
  const keyShares = need(extensions.decode(ExtensionType.keyShare, decodeClientKeyShares), 'key_share');
  if (!isSubset(keyShares.numbers, supportedGroups)) {
    throw illegal('ClientHello: key_share of a group that is not in supported_groups (§4.2.8)');
  }
  // §9.2: a client that resumes or has a key of ours may do without
  if (offeredPsks === undefined) need(hello.signatureAlgorithms, 'signature_algorithms');
  if (first !== undefined) refuseChanges(first, hello);
  extensions.decode(ExtensionType.earlyData, decodeEarlyDataIndication);
  extensions.decode(ExtensionType.signedCertificateTimestamp, decodeCertificateTimestampRequest);
  return {
    ...hello,
    supportedGroups,
    keyShares,
    offeredPsks: takesTickets ? offeredPsks : undefined,
    takesTickets,
    hasEarlyData: first?.hasEarlyData ?? extensions.has(ExtensionType.earlyData),
    cookie: extensions.decode(ExtensionType.cookie, decodeCookie),
    compressionAlgorithms: extensions.decode(ExtensionType.compressCertificate, decodeCompressCertificate) ?? noNumbers,
    clientCertificateTypes: extensions.decode(ExtensionType.clientCertificateType, decodeCertificateTypes),
    serverCertificateTypes: extensions.decode(ExtensionType.serverCertificateType, decodeCertificateTypes),
    wantsOcspResponse: extensions.decode(ExtensionType.statusRequest, decodeStatusRequest) ?? false,
    wantsCertificateTimestamps: extensions.has(ExtensionType.signedCertificateTimestamp),
    ticketRequest: extensions.decode(ExtensionType.ticketRequest, decodeTicketRequest),
    recordSizeLimit: extensions.decode(ExtensionType.recordSizeLimit, decodeRecordSizeLimit),
    keyShareOf(group) {
      const share = keyShares.get(group.id);
      if (share === undefined) throw illegal(`ClientHello: no key_share of ${group.name}`);
      return share;
    },
  };
}

function checkPsks({ extensions }: ClientHelloMessage): ReceivedPsks | undefined {
  const body = extensions.get(ExtensionType.preSharedKey);
  if (body === undefined) return undefined;
  if (extensions.numbers.at(-1) !== ExtensionType.preSharedKey)
    throw illegal('ClientHello: pre_shared_key is not the last extension (§4.2.11)');
  // §4.2.9: without psk_key_exchange_modes a pre_shared_key aborts
  need(extensions.get(ExtensionType.pskKeyExchangeModes), 'psk_key_exchange_modes');
  return decodeOfferedPsks(body);
}

const noNumbers = new Uint16Array(0);

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TlsError('ERR_TLS_MISSING_EXTENSION', `ClientHello: no ${name} (§9.2)`);
  return value;
}

/** Extensions that a second ClientHello may change (RFC 8446 §4.1.2, RFC 9849 §6.1.5). */
const changeable: ReadonlySet<number> = new Set([
  ExtensionType.keyShare,
  ExtensionType.earlyData,
  ExtensionType.cookie,
  ExtensionType.preSharedKey,
  ExtensionType.padding,
  ExtensionType.encryptedClientHello,
]);

function refuseChanges(first: ClientHello, second: ClientHello): void {
  const isSame =
    first.legacyVersion === second.legacyVersion &&
    equalBytes(first.random, second.random) &&
    equalBytes(first.legacySessionId, second.legacySessionId) &&
    sameNumbers(first.cipherSuites, second.cipherSuites) &&
    sameExtensions(first.extensions, second.extensions);
  if (!isSame) throw illegal('ClientHello: changed more than it may after a HelloRetryRequest (§4.1.2)');
}

function sameNumbers(left: Uint16Array, right: Uint16Array): boolean {
  return left.length === right.length && left.every((number, index) => number === right[index]);
}

/** The same extensions in any order, but for those that may change. One pass over either list, of which both may be long. */
function sameExtensions(left: ClientHello['extensions'], right: ClientHello['extensions']): boolean {
  const places = new Uint16Array(2 ** 16);
  let count = 0;
  for (let index = 0; index < right.size; index += 1) {
    const type = right.numbers[index] ?? 0;
    if (changeable.has(type)) continue;
    places[type] = index + 1; // 0: absent
    count += 1;
  }
  for (let index = 0; index < left.size; index += 1) {
    const type = left.numbers[index] ?? 0;
    if (changeable.has(type)) continue;
    const place = places[type] ?? 0;
    if (place === 0 || !equalBytes(left.at(index), right.at(place - 1))) return false;
    count -= 1;
  }
  return count === 0;
}

function illegal(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}
