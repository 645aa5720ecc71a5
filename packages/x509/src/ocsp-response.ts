import { contextTag, DerReader, DerTag, Oid } from '@org/tls-crypto/der';
import { readSignatureAlgorithm, type CertificateSignatureAlgorithm } from '@org/tls-crypto/keys';
import { readTime } from '@org/tls-crypto/der';

/** A BasicOCSPResponse (RFC 6960 §4.2.1) that nobody has judged yet. */
export interface OcspResponse {
  /** The bytes that the signature is over: ResponseData in DER. */
  readonly tbsCertificate: Uint8Array;
  readonly signatureAlgorithm: CertificateSignatureAlgorithm;
  readonly signature: Uint8Array;
  /** The name of the responder as DER, or the SHA-1 of its key. */
  readonly responder: { readonly name: Uint8Array } | { readonly keyHash: Uint8Array };
  readonly responses: readonly SingleResponse[];
  /** The certificates that the responder sent along, as DER. */
  readonly certificates: readonly Uint8Array[];
}

export interface SingleResponse {
  readonly hash: 'sha1' | 'sha256' | undefined;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** When the status was known to be right, in milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  /** The value of the extension with certificate timestamps (RFC 6962 §3.3). */
  readonly timestamps: Uint8Array | undefined;
}

/**
 * Reads an OCSPResponse.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when it is not strict DER, not successful, of another type, has a critical extension, or has
 *   more responses, certificates or extensions than an honest response
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  const input = new DerReader(der, 'OCSPResponse');
  const outer = input.sequence();
  input.end();
  const status = outer.contents(DerTag.enumerated);
  if (status.length !== 1 || status[0] !== 0)
    throw outer.fault(`not successful, but ${statusNames[status[0] ?? 0] ?? 'unknown'}`);
  const tagged = outer.enter(contextTag(0, true));
  outer.end();
  const bytes = tagged.sequence('ResponseBytes');
  tagged.end();
  if (bytes.objectIdentifier() !== Oid.ocspBasic) throw bytes.fault('not a basic response (§4.2.1)');
  const response = bytes.contents(DerTag.octetString);
  bytes.end();

  const basicInput = bytes.within(response, 'BasicOCSPResponse');
  const basic = basicInput.sequence();
  basicInput.end();
  const tbs = basic.element(DerTag.sequence);
  const signatureAlgorithm = readSignatureAlgorithm(basic.sequence('signatureAlgorithm'));
  const signature = basic.bitStringOctets();
  const certificates = readCertificates(basic.enterOptional(contextTag(0, true)));
  basic.end();
  const { responder, responses } = readResponseData(basic.within(tbs.contents, 'ResponseData'));
  return { tbsCertificate: tbs.raw, signatureAlgorithm, signature, responder, responses, certificates };
}

/** The names of OCSPResponseStatus (RFC 6960 §4.2.1). */
const statusNames = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  undefined,
  'sigRequired',
  'unauthorized',
];

/** The most certificates that are read: a responder sends its own and perhaps its issuer's. */
const maxCertificates = 4;
const maxPresentedCertificates = 16;
/** A stapled response is about one certificate; some responders answer for a handful at once. */
const maxResponses = 16;
/** The most extensions of one response, or of the whole; three are registered for either. */
const maxExtensions = 16;

function readCertificates(tagged: DerReader | undefined): readonly Uint8Array[] {
  if (tagged === undefined) return [];
  const sequence = tagged.sequence();
  tagged.end();
  if (sequence.isAtEnd) return [];
  return sequence.list(maxPresentedCertificates, () => sequence.any().raw).slice(0, maxCertificates);
}

function readResponseData(reader: DerReader): Pick<OcspResponse, 'responder' | 'responses'> {
  // The version is DEFAULT v1, which DER does not write.
  const responder = readResponder(reader);
  readTime(reader); // producedAt
  const list = reader.sequence('responses');
  const responses = list.isAtEnd
    ? []
    : list.list(maxResponses, () => readSingleResponse(list.sequence('SingleResponse')));
  readExtensions(reader);
  reader.end();
  return { responder, responses };
}

function readResponder(reader: DerReader): OcspResponse['responder'] {
  const isByName = reader.peek() === contextTag(1, true);
  const tagged = reader.enter(contextTag(isByName ? 1 : 2, true), 'responderID');
  const responder = isByName
    ? { name: tagged.element(DerTag.sequence).raw }
    : { keyHash: tagged.contents(DerTag.octetString) };
  tagged.end();
  return responder;
}

function readSingleResponse(reader: DerReader): SingleResponse {
  const certId = reader.sequence('CertID');
  const algorithm = certId.sequence('hashAlgorithm');
  const oid = algorithm.objectIdentifier();
  if (!algorithm.isAtEnd) algorithm.null();
  algorithm.end();
  const issuerNameHash = certId.contents(DerTag.octetString);
  const issuerKeyHash = certId.contents(DerTag.octetString);
  const serialNumber = certId.integer();
  certId.end();
  const status = readStatus(reader);
  const thisUpdate = readTime(reader);
  const next = reader.enterOptional(contextTag(0, true), 'nextUpdate');
  const nextUpdate = next === undefined ? undefined : readTime(next);
  next?.end();
  const timestamps = readExtensions(reader).get(Oid.ocspTimestamps);
  reader.end();
  const hash = oid === Oid.sha1 ? 'sha1' : oid === Oid.sha256 ? 'sha256' : undefined;
  return { hash, issuerNameHash, issuerKeyHash, serialNumber, status, thisUpdate, nextUpdate, timestamps };
}

function readStatus(reader: DerReader): SingleResponse['status'] {
  const { tag, contents } = reader.any();
  if (tag === contextTag(1, true)) return 'revoked';
  if (contents.length !== 0) throw reader.fault('a certStatus that is no NULL');
  if (tag === contextTag(0, false)) return 'good';
  if (tag === contextTag(2, false)) return 'unknown';
  throw reader.fault(`a certStatus of tag 0x${tag.toString(16)}`);
}

/** Reads responseExtensions or singleExtensions, which are both [1]. We know none that is critical. */
function readExtensions(reader: DerReader): ReadonlyMap<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  const tagged = reader.enterOptional(contextTag(1, true));
  if (tagged === undefined) return values;
  const extensions = tagged.sequence();
  tagged.end();
  if (extensions.isAtEnd) return values;
  extensions.list(maxExtensions, () => {
    const extension = extensions.sequence();
    const oid = extension.objectIdentifier();
    if (extension.peek() === DerTag.boolean && extension.boolean())
      throw extension.fault(`the critical extension ${oid}`);
    values.set(oid, extension.contents(DerTag.octetString));
    extension.end();
  });
  return values;
}
