import { ExtensionType, type ExtensionCarrier } from './extension.ts';
import type { ExtensionDefinition } from './extension-definition.ts';
import { alpn } from './extensions/alpn.ts';
import { certificateAuthorities } from './extensions/certificate-authorities.ts';
import { clientCertificateType, serverCertificateType } from './extensions/certificate-types.ts';
import { compressCertificate } from './extensions/compress-certificate.ts';
import { cookie } from './extensions/cookie.ts';
import { earlyData } from './extensions/early-data.ts';
import { ecPointFormats } from './extensions/ec-point-formats.ts';
import { encryptedClientHello } from './extensions/encrypted-client-hello.ts';
import { extendedMasterSecret } from './extensions/extended-master-secret.ts';
import { keyShare } from './extensions/key-share.ts';
import { preSharedKey } from './extensions/pre-shared-key.ts';
import { pskKeyExchangeModes } from './extensions/psk-key-exchange-modes.ts';
import { recordSizeLimit } from './extensions/record-size-limit.ts';
import { renegotiationInfo } from './extensions/renegotiation-info.ts';
import { serverName } from './extensions/server-name.ts';
import { sessionTicket } from './extensions/session-ticket.ts';
import { signatureAlgorithms } from './extensions/signature-algorithms.ts';
import { signedCertificateTimestamp } from './extensions/signed-certificate-timestamp.ts';
import { statusRequest } from './extensions/status-request.ts';
import { supportedGroups } from './extensions/supported-groups.ts';
import { supportedVersions } from './extensions/supported-versions.ts';
import { ticketRequest } from './extensions/ticket-request.ts';

/** Extensions that are not done here. A TLS 1.3 message that may not hold one is refused, and else it is passed over (RFC 8446 §4.2). */
const notImplemented = [
  {
    type: ExtensionType.maxFragmentLength,
    name: 'max_fragment_length',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.useSrtp,
    name: 'use_srtp',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.heartbeat,
    name: 'heartbeat',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'EncryptedExtensions'],
  },
  {
    type: ExtensionType.padding,
    name: 'padding',
    tls12: ['ClientHello'],
    tls13: ['ClientHello'],
    mayChange: true,
  },
  { type: ExtensionType.oidFilters, name: 'oid_filters', tls12: [], tls13: ['CertificateRequest'] },
  { type: ExtensionType.postHandshakeAuth, name: 'post_handshake_auth', tls12: [], tls13: ['ClientHello'] },
  {
    type: ExtensionType.signatureAlgorithmsCert,
    name: 'signature_algorithms_cert',
    tls12: ['ClientHello'],
    tls13: ['ClientHello', 'CertificateRequest'],
  },
] as const satisfies readonly ExtensionDefinition[];

/** All extensions, in the order in which a message holds them unless the order is drawn by lot. */
export const knownExtensions = [
  serverName,
  supportedGroups,
  signatureAlgorithms,
  statusRequest,
  signedCertificateTimestamp,
  alpn,
  recordSizeLimit,
  extendedMasterSecret,
  renegotiationInfo,
  ecPointFormats,
  sessionTicket,
  supportedVersions,
  keyShare,
  pskKeyExchangeModes,
  compressCertificate,
  ticketRequest,
  earlyData,
  cookie,
  certificateAuthorities,
  clientCertificateType,
  serverCertificateType,
  encryptedClientHello,
  preSharedKey,
  ...notImplemented,
] as const satisfies readonly ExtensionDefinition[];

type Known = (typeof knownExtensions)[number];

type Version = 'tls12' | 'tls13';

/** Of some extensions those that may stand in a message. */
type StandingIn<In extends Version, Carrier extends ExtensionCarrier, Each = Known> =
  Each extends Readonly<Record<In, readonly (infer Place)[]>> ? (Carrier extends Place ? Each : never) : never;

/** Of some extensions those that have a part. */
type Having<Part extends keyof ExtensionDefinition, Among> = Extract<Among, Readonly<Record<Part, unknown>>>;

/** The extensions that may stand in a message of a version. */
export function standingIn<In extends Version, Carrier extends ExtensionCarrier>(
  version: In,
  carrier: Carrier,
): readonly StandingIn<In, Carrier>[] {
  const isThere = (each: ExtensionDefinition): each is StandingIn<In, Carrier> =>
    each[version].some((place) => place === carrier);
  return knownExtensions.filter(isThere);
}

/** Those of some extensions that have a part of `ExtensionDefinition`. */
export function having<Part extends keyof ExtensionDefinition, Among extends ExtensionDefinition>(
  part: Part,
  among: readonly Among[],
): readonly Having<Part, Among>[] {
  return among.filter((each): each is Having<Part, Among> => part in each);
}
