import type { ClientEngineOptions, EarlyDataReason } from '@org/tls-core';
import { encodeAlpnProtocol, isIpAddress } from '@org/tls-core/backend';
import type { NamedGroup, CryptoProvider, KeyShare } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Transcript } from '../schedule/transcript.ts';
import type { SessionState } from '../session/session-state.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { encodeAlpn } from '../wire/extensions/alpn.ts';
import { encodeCertificateAuthorities } from '../wire/extensions/certificate-authorities.ts';
import { certificateTimestampRequest } from '../wire/extensions/certificate-timestamps.ts';
import { encodeCertificateTypes } from '../wire/extensions/certificate-types.ts';
import { encodeCompressCertificate } from '../wire/extensions/compress-certificate.ts';
import { encodeCookie } from '../wire/extensions/cookie.ts';
import { earlyDataIndication } from '../wire/extensions/early-data.ts';
import { uncompressedPointFormats } from '../wire/extensions/ec-point-formats.ts';
import { extendedMasterSecretExtension } from '../wire/extensions/extended-master-secret.ts';
import { encodeClientKeyShares } from '../wire/extensions/key-share.ts';
import { encodeSignatureAlgorithms, encodeSupportedGroups } from '../wire/extensions/number-lists.ts';
import { encodeOfferedPsks } from '../wire/extensions/pre-shared-key.ts';
import { pskDheKeMode } from '../wire/extensions/psk-key-exchange-modes.ts';
import { encodeRecordSizeLimit } from '../wire/extensions/record-size-limit.ts';
import { initialRenegotiationInfo } from '../wire/extensions/renegotiation-info.ts';
import { encodeServerName } from '../wire/extensions/server-name.ts';
import { encodeSessionTicket } from '../wire/extensions/session-ticket.ts';
import { ocspStatusRequest } from '../wire/extensions/status-request.ts';
import { encodeSupportedVersions, WireVersion } from '../wire/extensions/supported-versions.ts';
import { encodeTicketRequest } from '../wire/extensions/ticket-request.ts';
import { encodeClientHello, type ClientHelloParameters } from '../wire/messages/client-hello.ts';
import type { ClientSettings } from './client-settings.ts';
import type { GreaseValues } from './grease.ts';
import { writeBinders, type OfferedPsk } from './offered-psk.ts';

/** A ClientHello, and what the answer to it is checked against. */
export interface ClientHelloState extends ClientHelloChoices {
  /** The whole message. */
  readonly message: Uint8Array;
  /** Types of the extensions it holds, in their order, reserved ones (RFC 8701) left out: nothing may answer them. */
  readonly offered: ReadonlySet<number>;
  readonly alpnProtocols: readonly Uint8Array[];
}

/** What a ClientHello is made from; a second one differs little (RFC 8446 §4.1.2). */
export interface ClientHelloChoices {
  readonly options: ClientEngineOptions;
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly keyShares: readonly ClientKeyShare[];
  readonly cookie: Uint8Array | undefined;
  /** To be resumed, of either version. */
  readonly session: SessionState | undefined;
  readonly psks: readonly OfferedPsk[];
  readonly offersEarlyData: boolean;
  /** Why it does not; `accepted`: it does. */
  readonly earlyDataReason: EarlyDataReason;
  readonly grease: GreaseValues | undefined;
  /** The types of a first ClientHello's extensions, whose order is kept; `undefined`: this is the first. */
  readonly order: readonly number[] | undefined;
  /** Further extensions. */
  readonly extra: readonly Extension[];
}

export interface ClientKeyShare {
  readonly group: NamedGroup;
  readonly keyShare: KeyShare;
}

/** TLS_FALLBACK_SCSV (RFC 7507). */
const fallbackScsv = 0x5600;

export function makeClientHello(
  io: HandshakeIo,
  settings: ClientSettings,
  choices: ClientHelloChoices,
): ClientHelloState {
  return encodePlanned(io.crypto, io.transcript, planClientHello(settings, choices));
}

/** A ClientHello before it is encoded. */
export interface PlannedClientHello {
  readonly choices: ClientHelloChoices;
  readonly alpnProtocols: readonly Uint8Array[];
  readonly parameters: ClientHelloParameters;
}

export function planClientHello(settings: ClientSettings, choices: ClientHelloChoices): PlannedClientHello {
  const { options, random, legacySessionId, grease } = choices;
  const alpnProtocols =
    options.alpnProtocols?.map((protocol) => encodeAlpnProtocol(protocol)) ?? settings.alpnProtocols;
  const planned = arrange(settings, choices, plan(settings, choices, alpnProtocols));
  const extensions = settings.overrides.shapeExtensions?.('ClientHello', planned) ?? planned;
  const cipherSuites = [
    ...(grease === undefined ? [] : [grease.cipherSuite]),
    ...(settings.speaksTls13 ? settings.cipherSuites.map(({ id }) => id) : []),
    ...(settings.speaksTls12 ? settings.tls12CipherSuites.map(({ id }) => id) : []),
    ...(settings.isFallback ? [fallbackScsv] : []),
  ];
  return { choices, alpnProtocols, parameters: { random, legacySessionId, cipherSuites, extensions } };
}

/** @param transcript what the binders of its PSKs cover, the message itself excluded */
export function encodePlanned(
  crypto: CryptoProvider,
  transcript: Transcript,
  { choices, alpnProtocols, parameters }: PlannedClientHello,
): ClientHelloState {
  const { extensions } = parameters;
  const message = encodeClientHello(parameters);
  if (extensions.some(({ type }) => type === ExtensionType.preSharedKey))
    writeBinders(crypto, transcript, message, choices.psks);
  // RFC 8701 §3.1: a reserved value is sent, and not offered
  const offered = new Set(extensions.map(({ type }) => type).filter((type) => !isGrease(choices.grease, type)));
  return { ...choices, message, offered, alpnProtocols };
}

function plan(
  settings: ClientSettings,
  choices: ClientHelloChoices,
  alpnProtocols: readonly Uint8Array[],
): readonly Extension[] {
  const { serverName } = choices.options;
  const planned: Extension[] = [];
  // RFC 6066 §3: no IP addresses, no trailing dot
  if (!isIpAddress(serverName)) planned.push(encodeServerName(serverName.replace(/\.$/, '')));
  const groups = settings.groups.filter(({ tls12 }) => settings.speaksTls13 || tls12).map(({ id }) => id);
  planned.push(encodeSupportedGroups([...greased(choices.grease?.group), ...groups]));
  const schemes = settings.signatureSchemes.filter(({ tls12 }) => settings.speaksTls13 || tls12).map(({ id }) => id);
  planned.push(encodeSignatureAlgorithms([...greased(choices.grease?.signatureScheme), ...schemes]));
  if (settings.requestsOcspResponse) planned.push(ocspStatusRequest);
  if (settings.requestsCertificateTimestamps) planned.push(certificateTimestampRequest);
  if (alpnProtocols.length > 0) planned.push(encodeAlpn(alpnProtocols));
  const { recordSizeLimit, certificateAuthorities } = settings;
  if (recordSizeLimit !== undefined)
    planned.push(encodeRecordSizeLimit(recordSizeLimit + (settings.speaksTls13 ? 1 : 0)));
  if (settings.speaksTls12) planned.push(...planTls12(choices));
  if (settings.speaksTls13) planned.push(...planTls13(settings, choices));
  if (certificateAuthorities.length > 0) planned.push(encodeCertificateAuthorities(certificateAuthorities));
  planned.push(...planCertificateTypes(settings));
  return [...planned, ...choices.extra];
}

/** RFC 7250 §4.1: a list that holds nothing but X.509 is not sent. */
function planCertificateTypes(settings: ClientSettings): readonly Extension[] {
  const planned: Extension[] = [];
  if (settings.clientCertificateTypes.some((type) => type !== 'X509'))
    planned.push(encodeCertificateTypes(ExtensionType.clientCertificateType, settings.clientCertificateTypes));
  if (settings.peerCertificateTypes.some((type) => type !== 'X509'))
    planned.push(encodeCertificateTypes(ExtensionType.serverCertificateType, settings.peerCertificateTypes));
  return planned;
}

function planTls12({ session }: ClientHelloChoices): readonly Extension[] {
  const ticket = session?.protocol === 'TLSv1.2' ? session.ticket : new Uint8Array(0);
  return [
    extendedMasterSecretExtension,
    initialRenegotiationInfo,
    uncompressedPointFormats,
    encodeSessionTicket(ticket),
  ];
}

function planTls13(settings: ClientSettings, choices: ClientHelloChoices): readonly Extension[] {
  const { grease, keyShares, cookie, offersEarlyData, psks } = choices;
  const planned: Extension[] = [];
  const versions = settings.speaksTls12 ? [WireVersion.tls13, WireVersion.tls12] : [WireVersion.tls13];
  planned.push(encodeSupportedVersions([...greased(grease?.version), ...versions]));
  const shares = keyShares.map(({ group, keyShare }) => ({ group: group.id, keyExchange: keyShare.publicKey }));
  const decoys = greased(grease?.shareGroup).map((group) => ({ group, keyExchange: new Uint8Array(1) }));
  planned.push(encodeClientKeyShares([...decoys, ...shares]), pskDheKeMode);
  const algorithms = settings.compressors.filter(({ decompress }) => decompress !== undefined);
  if (algorithms.length > 0) planned.push(encodeCompressCertificate(algorithms.map(({ algorithm }) => algorithm)));
  const { ticketRequest } = settings;
  if (ticketRequest !== undefined) {
    const { newSession, resumption } = ticketRequest;
    planned.push(encodeTicketRequest({ newSessionCount: newSession, resumptionCount: resumption }));
  }
  if (offersEarlyData) planned.push(earlyDataIndication);
  if (cookie !== undefined) planned.push(encodeCookie(cookie));
  if (psks.length > 0) {
    const binders = psks.map(({ suite }) => new Uint8Array(suite.hashLength));
    planned.push(encodeOfferedPsks({ identities: psks, binders }));
  }
  return planned;
}

function isGrease(grease: GreaseValues | undefined, type: number): boolean {
  return grease !== undefined && (type === grease.firstExtension || type === grease.lastExtension);
}

function greased(value: number | undefined): readonly number[] {
  return value === undefined ? [] : [value];
}

/** The order of the first ClientHello, or one drawn by lot; GREASE at both ends, `pre_shared_key` behind all (RFC 8446 §4.2.11). */
function arrange(
  settings: ClientSettings,
  { grease, order }: ClientHelloChoices,
  planned: readonly Extension[],
): readonly Extension[] {
  const preSharedKey = planned.filter(({ type }) => type === ExtensionType.preSharedKey);
  const others = planned.filter(({ type }) => type !== ExtensionType.preSharedKey);
  const arranged =
    order === undefined ? (settings.permutesExtensions ? shuffled(settings, others) : others) : asBefore(others, order);
  if (grease === undefined) return [...arranged, ...preSharedKey];
  return [
    { type: grease.firstExtension, body: new Uint8Array(0) },
    ...arranged,
    { type: grease.lastExtension, body: new Uint8Array(1) },
    ...preSharedKey,
  ];
}

/** What is new comes last. */
function asBefore(extensions: readonly Extension[], order: readonly number[]): readonly Extension[] {
  const place = ({ type }: Extension): number => (order.includes(type) ? order.indexOf(type) : order.length);
  return extensions.toSorted((left, right) => place(left) - place(right));
}

/** Fisher and Yates's shuffle; 32 random bits each leave no bias that counts. */
function shuffled({ random }: ClientSettings, extensions: readonly Extension[]): readonly Extension[] {
  const result = [...extensions];
  const draws = new Uint32Array(result.length);
  random(new Uint8Array(draws.buffer));
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = (draws[last] ?? 0) % (last + 1);
    const moved = result[last];
    const swapped = result[other];
    if (moved === undefined || swapped === undefined) continue;
    result[last] = swapped;
    result[other] = moved;
  }
  return result;
}
