import { TlsError } from '@org/tls-core';
import { hasTwice } from './number-set.ts';
import { NumberedVectors } from './numbered-vectors.ts';
import { decodeError, type Reader, type Writer } from '@org/tls-core/backend';

/** Extension types as registered by IANA (TLS ExtensionType Values); names as the RFCs spell them. */
export const ExtensionType = {
  serverName: 0,
  maxFragmentLength: 1,
  clientCertificateUrl: 2,
  trustedCaKeys: 3,
  truncatedHmac: 4,
  statusRequest: 5,
  userMapping: 6,
  clientAuthz: 7,
  serverAuthz: 8,
  certType: 9,
  supportedGroups: 10,
  ecPointFormats: 11,
  srp: 12,
  signatureAlgorithms: 13,
  useSrtp: 14,
  heartbeat: 15,
  applicationLayerProtocolNegotiation: 16,
  statusRequestV2: 17,
  signedCertificateTimestamp: 18,
  clientCertificateType: 19,
  serverCertificateType: 20,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  tokenBinding: 24,
  cachedInfo: 25,
  compressCertificate: 27,
  recordSizeLimit: 28,
  pwdProtect: 29,
  pwdClear: 30,
  passwordSalt: 31,
  ticketPinning: 32,
  tlsCertWithExternPsk: 33,
  delegatedCredential: 34,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  oidFilters: 48,
  postHandshakeAuth: 49,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  transparencyInfo: 52,
  connectionId: 54,
  externalIdHash: 55,
  externalSessionId: 56,
  quicTransportParameters: 57,
  ticketRequest: 58,
  dnssecChain: 59,
  tlsFlags: 62,
  echOuterExtensions: 0xfd00,
  encryptedClientHello: 0xfe0d,
  renegotiationInfo: 0xff01,
} as const;

/** The messages that carry extensions (RFC 8446 §4.2). */
export type ExtensionCarrier =
  | 'ClientHello'
  | 'ServerHello'
  | 'HelloRetryRequest'
  | 'EncryptedExtensions'
  | 'Certificate'
  | 'CertificateRequest'
  | 'NewSessionTicket';

export interface Extension {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A message's extensions by type, free of duplicates. */
export type Extensions = NumberedVectors;

/** Those of a message that has none. */
export const noExtensions: Extensions = new NumberedVectors(new Uint8Array(0), 0, 'nothing');

/**
 * Reads an `Extension extensions<0..2^16-1>`, wherever they may stand.
 * @throws TlsError `ERR_TLS_DECODE` on a duplicate (RFC 8446 §4.2)
 */
export function readExtensionList(reader: Reader, carrier: ExtensionCarrier): Extensions {
  const list = reader.vector16();
  if (list.length === 0) return noExtensions;
  const extensions = new NumberedVectors(list, 0, carrier);
  if (hasTwice(extensions.numbers)) throw decodeError(`${carrier}: an extension stands twice`);
  return extensions;
}

/**
 * A response may only hold what was asked for (RFC 8446 §4.2).
 * @param answerable of what was offered, what such a message answers; `undefined`: everything
 * @throws TlsError `ERR_TLS_UNSUPPORTED_EXTENSION` on any other
 */
export function refuseUnsolicited(
  extensions: Extensions,
  offered: ReadonlySet<number>,
  carrier: ExtensionCarrier,
  answerable?: ReadonlySet<number>,
): void {
  for (const type of extensions.numbers) {
    if (!offered.has(type) || answerable?.has(type) === false) {
      throw new TlsError('ERR_TLS_UNSUPPORTED_EXTENSION', `${carrier}: extension ${type} was not offered`);
    }
  }
}

export function writeExtensions(writer: Writer, extensions: readonly Extension[]): void {
  writer.vector16(() => {
    for (const { type, body } of extensions) writer.uint16(type).vector16(() => writer.bytes(body));
  });
}
