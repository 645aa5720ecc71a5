import { TlsError } from '@org/tls-core';
import { hasTwice } from './number-set.ts';
import { NumberedVectors } from './numbered-vectors.ts';
import { decodeError, type Reader, type Writer } from '@org/tls-core/backend';

/** Extension types as registered by IANA; names as the RFCs spell them. */
export const ExtensionType = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  useSrtp: 14,
  heartbeat: 15,
  applicationLayerProtocolNegotiation: 16,
  signedCertificateTimestamp: 18,
  clientCertificateType: 19,
  serverCertificateType: 20,
  padding: 21,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  recordSizeLimit: 28,
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
  ticketRequest: 58,
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

/** Which message may carry which extension: the table of RFC 8446 §4.2. An extension that is not in it is unknown to us. */
const carriers: ReadonlyMap<number, readonly ExtensionCarrier[]> = new Map<number, readonly ExtensionCarrier[]>([
  [ExtensionType.serverName, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.maxFragmentLength, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.statusRequest, ['ClientHello', 'CertificateRequest', 'Certificate']],
  [ExtensionType.supportedGroups, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.signatureAlgorithms, ['ClientHello', 'CertificateRequest']],
  [ExtensionType.useSrtp, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.heartbeat, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.applicationLayerProtocolNegotiation, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.signedCertificateTimestamp, ['ClientHello', 'CertificateRequest', 'Certificate']],
  [ExtensionType.clientCertificateType, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.serverCertificateType, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.padding, ['ClientHello']],
  [ExtensionType.compressCertificate, ['ClientHello', 'CertificateRequest']],
  [ExtensionType.recordSizeLimit, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.keyShare, ['ClientHello', 'ServerHello', 'HelloRetryRequest']],
  // these four belong to TLS 1.2
  [ExtensionType.ecPointFormats, ['ClientHello']],
  [ExtensionType.extendedMasterSecret, ['ClientHello']],
  [ExtensionType.sessionTicket, ['ClientHello']],
  [ExtensionType.renegotiationInfo, ['ClientHello']],
  [ExtensionType.ticketRequest, ['ClientHello', 'EncryptedExtensions']],
  [ExtensionType.encryptedClientHello, ['ClientHello', 'HelloRetryRequest', 'EncryptedExtensions']],
  [ExtensionType.preSharedKey, ['ClientHello', 'ServerHello']],
  [ExtensionType.pskKeyExchangeModes, ['ClientHello']],
  [ExtensionType.earlyData, ['ClientHello', 'EncryptedExtensions', 'NewSessionTicket']],
  [ExtensionType.cookie, ['ClientHello', 'HelloRetryRequest']],
  [ExtensionType.supportedVersions, ['ClientHello', 'ServerHello', 'HelloRetryRequest']],
  [ExtensionType.certificateAuthorities, ['ClientHello', 'CertificateRequest']],
  [ExtensionType.oidFilters, ['CertificateRequest']],
  [ExtensionType.postHandshakeAuth, ['ClientHello']],
  [ExtensionType.signatureAlgorithmsCert, ['ClientHello', 'CertificateRequest']],
]);

/** A message's extensions by type, checked against the table and free of duplicates. */
export type Extensions = NumberedVectors;

/** Those of a message that has none. */
export const noExtensions: Extensions = new NumberedVectors(new Uint8Array(0), 0, 'nothing');

/**
 * Reads an `Extension extensions<0..2^16-1>` of a TLS 1.3 message.
 * @throws TlsError `ERR_TLS_DECODE` on a duplicate, `ERR_TLS_ILLEGAL_PARAMETER` on a known extension in a message that may not carry
 *   it (RFC 8446 §4.2)
 */
export function readExtensions(reader: Reader, carrier: ExtensionCarrier): Extensions {
  const extensions = readExtensionList(reader, carrier);
  refuseMisplaced(extensions, carrier);
  return extensions;
}

/** As `readExtensions`, for a message that may yet turn out to be of an older version, to which the table does not apply. */
export function readExtensionList(reader: Reader, carrier: ExtensionCarrier): Extensions {
  const list = reader.vector16();
  if (list.length === 0) return noExtensions;
  const extensions = new NumberedVectors(list, 0, carrier);
  if (hasTwice(extensions.numbers)) throw decodeError(`${carrier}: an extension stands twice`);
  return extensions;
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a known extension in a message that may not carry it (RFC 8446 §4.2) */
export function refuseMisplaced(extensions: Extensions, carrier: ExtensionCarrier): void {
  for (const type of extensions.numbers) {
    if (carriers.get(type)?.includes(carrier) === false)
      throw illegal(`${carrier}: extension ${type} is not allowed here`);
  }
}

/**
 * A response may only hold what was asked for (RFC 8446 §4.2).
 * @throws TlsError `ERR_TLS_UNSUPPORTED_EXTENSION` on any other
 */
export function refuseUnsolicited(
  extensions: Extensions,
  offered: ReadonlySet<number>,
  carrier: ExtensionCarrier,
): void {
  for (const type of extensions.numbers) {
    if (!offered.has(type)) {
      throw new TlsError('ERR_TLS_UNSUPPORTED_EXTENSION', `${carrier}: extension ${type} was not offered`);
    }
  }
}

export function writeExtensions(writer: Writer, extensions: readonly Extension[]): void {
  writer.vector16(() => {
    for (const { type, body } of extensions) writer.uint16(type).vector16(() => writer.bytes(body));
  });
}

function illegal(message: string): TlsError {
  return new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message);
}
