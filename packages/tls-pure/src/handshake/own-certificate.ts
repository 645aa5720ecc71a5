import type { CertificateCompressor } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { Extension } from '../wire/extension.ts';
import { encodeCertificateTimestamps } from '../wire/extensions/signed-certificate-timestamp.ts';
import { encodeCertificate13 } from '../wire/messages/certificate-13.ts';
import { certificateStatusExtension } from '../wire/messages/certificate-status.ts';
import { encodeCompressedCertificate } from '../wire/messages/compressed-certificate.ts';
import { encodeCertificateVerify, signedContent } from '../wire/messages/certificate-verify.ts';
import { handshakeHeaderLength } from '../wire/handshake-message.ts';
import type { LoadedIdentity } from './identity.ts';
import type { ChosenIdentity } from './choose-identity.ts';
import type { HandshakeIo } from './handshake-io.ts';
import { runHook, runOptionalHook, type Handshake } from './steps.ts';

/** What the peer wants to see with our certificate. */
export interface CertificateWishes {
  /** `certificate_request_context` of the CertificateRequest that is answered; empty where there is none. */
  readonly requestContext: Uint8Array;
  readonly ocspResponse: boolean;
  readonly certificateTimestamps: boolean;
  /** Algorithms that it can decompress (RFC 8879). */
  readonly compressionAlgorithms: Uint16Array;
}

/** Sends our Certificate and CertificateVerify (RFC 8446 §4.4.2, §4.4.3). */
export function* sendAuthentication(
  io: HandshakeIo,
  signer: 'server' | 'client',
  { identity, scheme }: ChosenIdentity,
  wishes: CertificateWishes,
  compressors: readonly CertificateCompressor[],
): Handshake<void> {
  const { requestContext } = wishes;
  const ocspResponse = wishes.ocspResponse ? yield* currentOcspResponse(io, identity) : undefined;
  const timestamps = wishes.certificateTimestamps ? identity.signedCertificateTimestamps : undefined;
  const certificate = certificateMessage(identity, { requestContext, ocspResponse, timestamps });
  io.send(yield* compress(io, certificate, identity, wishes.compressionAlgorithms, compressors));
  const content = signedContent(signer, io.transcript.hash());
  const signature = yield* runHook('signer.sign', () => identity.sign(scheme.name, content));
  io.send(encodeCertificateVerify({ algorithm: scheme.id, signature }));
}

export function* currentOcspResponse(
  io: HandshakeIo,
  { ocspResponse }: LoadedIdentity,
): Handshake<Uint8Array | undefined> {
  if (typeof ocspResponse !== 'function') return ocspResponse;
  return yield* runOptionalHook(io, 'identity.ocspResponse', ocspResponse);
}

/** What stands in a Certificate message beside the chain. */
interface CertificateParts {
  readonly requestContext: Uint8Array;
  readonly ocspResponse: Uint8Array | undefined;
  readonly timestamps: Uint8Array | undefined;
}

/** The message that was encoded last for each identity. It is sent again while the same is to stand in it. */
const lastMessages = new WeakMap<LoadedIdentity, CertificateParts & { readonly message: Uint8Array }>();

function certificateMessage(identity: LoadedIdentity, parts: CertificateParts): Uint8Array {
  const { requestContext, ocspResponse, timestamps } = parts;
  const last = lastMessages.get(identity);
  const isSame = last?.ocspResponse === ocspResponse && last?.timestamps === timestamps;
  if (last !== undefined && isSame && requestContext.length === 0) return last.message;
  const extensions: Extension[] = [];
  if (ocspResponse !== undefined) extensions.push(certificateStatusExtension(ocspResponse));
  if (timestamps !== undefined) extensions.push(encodeCertificateTimestamps(timestamps));
  const message = encodeCertificate13(requestContext, identity.entries, extensions);
  if (requestContext.length === 0) lastMessages.set(identity, { ...parts, message });
  return message;
}

/** A Certificate message, and the CompressedCertificate that was made of it. */
interface CompressedForm {
  readonly plain: Uint8Array;
  readonly message: Uint8Array;
}

/** How many forms of an identity's certificate are kept: it has a staple or not, and timestamps or not, as the peer asks. */
const maxForms = 4;

/** Compressing takes longer than a handshake, and the peer decides by its wishes what is compressed. So nothing is compressed twice. */
const formsByIdentity = new WeakMap<LoadedIdentity, Map<CertificateCompressor, readonly CompressedForm[]>>();

function formsOf(identity: LoadedIdentity): Map<CertificateCompressor, readonly CompressedForm[]> {
  const known = formsByIdentity.get(identity);
  if (known !== undefined) return known;
  const forms = new Map<CertificateCompressor, readonly CompressedForm[]>();
  formsByIdentity.set(identity, forms);
  return forms;
}

/** Compresses a Certificate by the first of our algorithms that the peer has. It stays as it is when the compressor fails. */
function* compress(
  io: HandshakeIo,
  certificate: Uint8Array,
  identity: LoadedIdentity,
  peerAlgorithms: Uint16Array,
  compressors: readonly CertificateCompressor[],
): Handshake<Uint8Array> {
  const compressor = compressors.find((each) => each.compress !== undefined && peerAlgorithms.includes(each.algorithm));
  if (compressor?.compress === undefined) return certificate;
  const forms = formsOf(identity);
  const known = forms.get(compressor)?.find(({ plain }) => equalBytes(plain, certificate));
  if (known !== undefined) return known.message;
  const body = certificate.subarray(handshakeHeaderLength);
  const { algorithm, compress: deflate } = compressor;
  const compressed = yield* runOptionalHook(io, 'certificateCompressor.compress', () => deflate(body));
  if (compressed === undefined) return certificate;
  const message = encodeCompressedCertificate({ algorithm, uncompressedLength: body.length, compressed });
  // another may have come to it meanwhile
  forms.set(compressor, [{ plain: certificate, message }, ...(forms.get(compressor) ?? [])].slice(0, maxForms));
  return message;
}
