import { TlsError, type CertificateCompressor, type CertificateType } from '@org/tls-core';
import { ExtensionType, refuseUnsolicited } from '../wire/extension.ts';
import { decodeCertificateStatus } from '../wire/messages/certificate-status.ts';
import { decodeCertificateTimestamps } from '../wire/extensions/signed-certificate-timestamp.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeCertificate13, type CertificateEntry } from '../wire/messages/certificate-13.ts';
import { decodeCompressedCertificate } from '../wire/messages/compressed-certificate.ts';
import type { HandshakeIo } from './handshake-io.ts';
import { runHook, type Handshake } from './steps.ts';

/** A peer's certificate as it came, not yet judged. */
export interface PeerCertificate {
  /** DER, leaf first; empty with a raw public key, or from a client that has none. */
  readonly chain: readonly Uint8Array[];
  /** SubjectPublicKeyInfo (RFC 7250). */
  readonly rawPublicKey: Uint8Array | undefined;
  readonly ocspResponse: Uint8Array | undefined;
  readonly signedCertificateTimestamps: Uint8Array | undefined;
}

export interface CertificateExpectation {
  /** What our CertificateRequest had; empty for a server's (RFC 8446 §4.4.2). */
  readonly requestContextLength: 0;
  readonly type: CertificateType;
  /** Extension types that we asked for. */
  readonly offered: ReadonlySet<number>;
  /** The algorithms that we offered in `compress_certificate`. */
  readonly compressors: readonly CertificateCompressor[];
}

/** Longest certificate message that is accepted, compressed or not; rustls's figure. */
const maxCertificateLength = 2 ** 16;

/**
 * Receives a Certificate or CompressedCertificate (RFC 8446 §4.4.2, RFC 8879 §4).
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a context that is not ours or an algorithm that was not offered,
 *   `ERR_TLS_CERTIFICATE_BAD` when it cannot be decompressed to exactly its length, `ERR_TLS_UNSUPPORTED_EXTENSION`, `ERR_TLS_DECODE`
 */
export function* receiveCertificate(io: HandshakeIo, expected: CertificateExpectation): Handshake<PeerCertificate> {
  const types =
    expected.compressors.length === 0
      ? [HandshakeType.certificate]
      : [HandshakeType.certificate, HandshakeType.compressedCertificate];
  const { type, body } = yield* io.receive(...types);
  return yield* readCertificate(type, body, expected);
}

/** As `receiveCertificate`, of a message that was received. */
export function* readCertificate(
  type: number,
  body: Uint8Array,
  expected: CertificateExpectation,
): Handshake<PeerCertificate> {
  const plain = type === HandshakeType.certificate ? body : yield* decompress(body, expected.compressors);
  const { certificateRequestContext, certificateList } = decodeCertificate13(plain);
  if (certificateRequestContext.length !== expected.requestContextLength) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      'Certificate: certificate_request_context is not that of the request (§4.4.2)',
    );
  }
  for (const { extensions } of certificateList) refuseUnsolicited(extensions, expected.offered, 'Certificate');
  return expected.type === 'RawPublicKey' ? rawPublicKeyOf(certificateList) : chainOf(certificateList);
}

function rawPublicKeyOf(entries: readonly CertificateEntry[]): PeerCertificate {
  const [entry, ...surplus] = entries;
  // RFC 8446 §4.4.2: no more than one
  if (surplus.length > 0) throw new TlsError('ERR_TLS_DECODE', 'Certificate: expected one raw public key, got more');
  return {
    chain: Object.freeze([]),
    rawPublicKey: entry?.certData,
    ocspResponse: undefined,
    signedCertificateTimestamps: undefined,
  };
}

function chainOf(entries: readonly CertificateEntry[]): PeerCertificate {
  // those of the other certificates are checked and not used
  const [leaf] = entries.map(({ extensions }) => ({
    ocspResponse: extensions.decode(ExtensionType.statusRequest, decodeCertificateStatus),
    signedCertificateTimestamps: extensions.decode(
      ExtensionType.signedCertificateTimestamp,
      decodeCertificateTimestamps,
    ),
  }));
  return {
    chain: Object.freeze(entries.map(({ certData }) => certData)),
    rawPublicKey: undefined,
    ocspResponse: leaf?.ocspResponse,
    signedCertificateTimestamps: leaf?.signedCertificateTimestamps,
  };
}

/** RFC 8879 §4: the length is known before, and nothing longer is ever made. */
function* decompress(body: Uint8Array, compressors: readonly CertificateCompressor[]): Handshake<Uint8Array> {
  const { algorithm, uncompressedLength, compressed } = decodeCompressedCertificate(body);
  const compressor = compressors.find((each) => each.algorithm === algorithm);
  if (compressor?.decompress === undefined) {
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', `CompressedCertificate: algorithm ${algorithm} was not offered`);
  }
  if (uncompressedLength > maxCertificateLength) {
    throw new TlsError(
      'ERR_TLS_CERTIFICATE_BAD',
      `CompressedCertificate: expected at most ${maxCertificateLength} bytes, got ${uncompressedLength}`,
    );
  }
  const { decompress: inflate } = compressor;
  const plain = yield* runHook('certificateCompressor.decompress', () => inflate(compressed, uncompressedLength));
  if (plain.length !== uncompressedLength) {
    throw new TlsError(
      'ERR_TLS_CERTIFICATE_BAD',
      `CompressedCertificate: expected ${uncompressedLength} bytes, got ${plain.length}`,
    );
  }
  return plain;
}
