import { encodeHandshake, HandshakeType } from '../../handshake-message.ts';
import { decodeAll } from '../../reader.ts';

/** Types of client keys (RFC 5246 §7.4.4, RFC 8422 §5.5); `ecdsaSign` stands for Ed25519 too. */
export const ClientCertificateType = { rsaSign: 1, ecdsaSign: 64 } as const;

/** CertificateRequest of TLS 1.2 (RFC 5246 §7.4.4). */
export interface Tls12CertificateRequest {
  /** Numbers of `ClientCertificateType` and others. */
  readonly certificateTypes: readonly number[];
  /** Numbers of signature schemes. */
  readonly supportedSignatureAlgorithms: readonly number[];
  /** DER of distinguished names; none: any authority will do. */
  readonly certificateAuthorities: readonly Uint8Array[];
}

export function decodeTls12CertificateRequest(body: Uint8Array): Tls12CertificateRequest {
  return decodeAll(body, 'CertificateRequest', (reader) => ({
    certificateTypes: reader.list8(1, (each) => each.uint8()),
    supportedSignatureAlgorithms: reader.list16(2, (each) => each.uint16()),
    certificateAuthorities: reader.list16(0, (each) => each.vector16(1)),
  }));
}

export function encodeTls12CertificateRequest({
  certificateTypes,
  supportedSignatureAlgorithms,
  certificateAuthorities,
}: Tls12CertificateRequest): Uint8Array {
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
