import type { PeerVerification } from '@org/tls-core';
import type { CryptoProvider, SignatureAlgorithm } from '@org/tls-crypto';
import { concatBytes, copyBytes, equalBytes, decodeAll } from '@org/tls-core/backend';
import { cachedCertificate } from './certificate-cache.ts';
import type { Certificate } from './certificate.ts';
import { contextTag, DerReader, DerTag, derElement, Oid } from '@org/tls-crypto/der';
import { sameName } from './names/distinguished-name.ts';
import { parseOcspResponse } from './ocsp-response.ts';
import { readTimestampList } from './timestamp-list.ts';

/** A signed certificate timestamp of version 1 (RFC 6962 §3.2) that nobody has judged yet. */
export interface CertificateTimestamp {
  /** Where it came from (RFC 6962 §3.3): the certificate itself, the TLS extension, or the stapled OCSP response. */
  readonly source: 'certificate' | 'extension' | 'ocspResponse';
  /** SHA-256 of the log's SubjectPublicKeyInfo, 32 bytes. */
  readonly logId: Uint8Array;
  /** When the log saw the certificate, in milliseconds since the epoch. */
  readonly timestamp: number;
  /** SHA-256 with ECDSA or RSA; `undefined` where the timestamp names another one, which no log may use (RFC 6962 §2.1.4). */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly signature: Uint8Array;
  /** The bytes that the log signed; `undefined` where the certificate's issuer is not at hand. */
  readonly signedData: Uint8Array | undefined;
}

/** The part of a `PeerVerification` that is read here. */
export type TimestampSources = Pick<
  PeerVerification,
  'chain' | 'verifiedPath' | 'ocspResponse' | 'signedCertificateTimestamps'
>;

/**
 * Reads the timestamps of a peer's certificate, the first 16 from each of three places. Those of later versions are left out
 * (RFC 6962 §3.3).
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when a list in the certificate or the response is malformed, `ERR_TLS_DECODE` when the
 *   extension's is
 */
export function readCertificateTimestamps(
  sources: TimestampSources,
  crypto: CryptoProvider,
): readonly CertificateTimestamp[] {
  const { chain, verifiedPath, ocspResponse, signedCertificateTimestamps } = sources;
  const [leafDer] = chain;
  if (leafDer === undefined) return [];
  const leaf = cachedCertificate(leafDer);
  const { value, without } = takeExtension(leaf.tbsCertificate, Oid.embeddedTimestamps);
  const issuer = issuerOf(leaf, [...verifiedPath.slice(1), ...chain.slice(1)]);
  const precertificate =
    issuer && concatBytes([uint16(1), crypto.hash('sha256', issuer.publicKey.spki), vector24(without)]);
  const certificate = concatBytes([uint16(0), vector24(leaf.der)]);
  const stapled = ocspResponse === undefined ? undefined : timestampsInOcsp(ocspResponse, leaf);
  return [
    ...readList(value && inner(value), 'certificate', precertificate),
    ...readList(signedCertificateTimestamps, 'extension', certificate),
    ...readList(stapled && inner(stapled), 'ocspResponse', certificate),
  ];
}

/** Unwraps the list: both kinds of X.509 extension hold it, as TLS writes it, in an OCTET STRING (RFC 6962 §3.3). */
function inner(value: Uint8Array): Uint8Array {
  const reader = new DerReader(value, 'SignedCertificateTimestampList');
  const list = reader.contents(DerTag.octetString);
  reader.end();
  return list;
}

function timestampsInOcsp(response: Uint8Array, leaf: Certificate): Uint8Array | undefined {
  const { responses } = parseOcspResponse(response);
  return responses.find(({ serialNumber }) => equalBytes(serialNumber, leaf.serialNumber))?.timestamps;
}

/** Finds the leaf's issuer: it is the next certificate of a verified path, or where the anchor is no certificate, one of the chain. */
function issuerOf(leaf: Certificate, candidates: readonly Uint8Array[]): Certificate | undefined {
  for (const der of candidates) {
    const candidate = cachedCertificate(der);
    if (sameName(candidate.subject, leaf.issuer)) return candidate;
  }
  return undefined;
}

/**
 * How many timestamps of each source are looked at. An honest certificate has two to five. Each costs the verification of a signature, and
 * a server that is not authenticated yet can fit 1,100 into one message.
 */
const maxTimestamps = 16;

/** @param entry `entry_type` and what follows it (RFC 6962 §3.2) */
function readList(
  list: Uint8Array | undefined,
  source: CertificateTimestamp['source'],
  entry: Uint8Array | undefined,
): readonly CertificateTimestamp[] {
  if (list === undefined) return [];
  const timestamps: CertificateTimestamp[] = [];
  for (const bytes of readTimestampList(list)) {
    if (timestamps.length === maxTimestamps) break;
    timestamps.push(...readOne(bytes, source, entry));
  }
  return timestamps;
}

function readOne(
  bytes: Uint8Array,
  source: CertificateTimestamp['source'],
  entry: Uint8Array | undefined,
): readonly CertificateTimestamp[] {
  if (bytes[0] !== 0) return [];
  return decodeAll(bytes, 'SignedCertificateTimestamp', (reader) => {
    reader.uint8();
    const logId = copyBytes(reader.bytes(32));
    const time = copyBytes(reader.bytes(8));
    const extensions = reader.vector16();
    const [hash, type] = [reader.uint8(), reader.uint8()];
    const signature = copyBytes(reader.vector16());
    const [high, low] = [new DataView(time.buffer).getUint32(0), new DataView(time.buffer).getUint32(4)];
    // The two zeros are version 1 and the signature type certificate_timestamp (RFC 6962 §3.2).
    const signedData = entry && concatBytes([Uint8Array.of(0, 0), time, entry, uint16(extensions.length), extensions]);
    const timestamp = high * 2 ** 32 + low;
    return [{ source, logId, timestamp, signatureAlgorithm: algorithmOf(hash, type), signature, signedData }];
  });
}

/** The hash sha256 has the number 4; the signatures rsa and ecdsa have 1 and 3 (RFC 5246 §7.4.1.4.1). */
function algorithmOf(hash: number, type: number): SignatureAlgorithm | undefined {
  if (hash !== 4) return undefined;
  if (type === 3) return { type: 'ecdsa', hash: 'sha256' };
  return type === 1 ? { type: 'rsa-pkcs1', hash: 'sha256' } : undefined;
}

/** Gives the value of a certificate's extension, and the TBSCertificate without that extension (RFC 6962 §3.2). */
function takeExtension(
  tbsCertificate: Uint8Array,
  oid: string,
): { readonly value: Uint8Array | undefined; readonly without: Uint8Array } {
  const outer = new DerReader(tbsCertificate, 'TBSCertificate');
  const reader = outer.sequence();
  const fields: Uint8Array[] = [];
  let value: Uint8Array | undefined;
  while (!reader.isAtEnd) {
    if (reader.peek() !== contextTag(3, true)) {
      fields.push(reader.any().raw);
      continue;
    }
    const list = reader.enter(contextTag(3, true)).sequence();
    const kept: Uint8Array[] = [];
    while (!list.isAtEnd) {
      const { raw, contents } = list.element(DerTag.sequence);
      const extension = list.within(contents, 'Extension');
      if (extension.objectIdentifier() !== oid) kept.push(raw);
      else value = (extension.peek() === DerTag.boolean && extension.boolean(), extension.contents(DerTag.octetString));
    }
    if (kept.length > 0) fields.push(derElement(contextTag(3, true), derElement(DerTag.sequence, ...kept)));
  }
  return { value, without: derElement(DerTag.sequence, ...fields) };
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function vector24(bytes: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(bytes.length >> 16, (bytes.length >> 8) & 0xff, bytes.length & 0xff), bytes]);
}
