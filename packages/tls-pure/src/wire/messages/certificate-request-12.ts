import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { ByteStringList, decodeAll } from '@org/tls-core/backend';

/** Types of client keys (RFC 5246 §7.4.4, RFC 8422 §5.5); `ecdsaSign` stands for Ed25519 too. */
export const ClientCertificateType = { rsaSign: 1, ecdsaSign: 64 } as const;

/** CertificateRequest of TLS 1.2 (RFC 5246 §7.4.4). */
export interface CertificateRequest12 {
  /** Numbers of `ClientCertificateType` and others. */
  readonly certificateTypes: Uint8Array;
  /** Numbers of signature schemes. */
  readonly supportedSignatureAlgorithms: Uint16Array;
  /** DER of distinguished names; none: any authority will do. */
  readonly certificateAuthorities: ByteStringList;
}

export function decodeCertificateRequest12(body: Uint8Array): CertificateRequest12 {
  return decodeAll(body, 'CertificateRequest', (reader) => ({
    certificateTypes: reader.vector8(1),
    supportedSignatureAlgorithms: reader.numbers16(2),
    certificateAuthorities: new ByteStringList(reader.vector16(), 2, 1, 'CertificateRequest'),
  }));
}

/** What a CertificateRequest that we make holds. */
export interface CertificateRequestParameters12 {
  readonly certificateTypes: readonly number[];
  readonly supportedSignatureAlgorithms: readonly number[];
  readonly certificateAuthorities: readonly Uint8Array[];
}

export function encodeCertificateRequest12({
  certificateTypes,
  supportedSignatureAlgorithms,
  certificateAuthorities,
}: CertificateRequestParameters12): Uint8Array {
  return encodeHandshake(HandshakeType.certificateRequest, (body) => {
    body.vector8(() => {
      for (const type of certificateTypes) body.uint8(type);
    });
    body.vector16(() => {
      for (const scheme of supportedSignatureAlgorithms) body.uint16(scheme);
    });
    body.vector16(() => {
      for (const authority of certificateAuthorities) body.vector16(() => body.bytes(authority));
    });
  });
}
