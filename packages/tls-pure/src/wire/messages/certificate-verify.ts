import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { asciiBytes, concatBytes, decodeAll } from '@org/tls-core/backend';

/** CertificateVerify (RFC 8446 §4.4.3). */
export interface CertificateVerify {
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export function decodeCertificateVerify(body: Uint8Array): CertificateVerify {
  return decodeAll(body, 'CertificateVerify', (reader) => ({
    algorithm: reader.uint16(),
    signature: reader.vector16(),
  }));
}

export function encodeCertificateVerify({ algorithm, signature }: CertificateVerify): Uint8Array {
  return encodeHandshake(HandshakeType.certificateVerify, (body) => {
    body.uint16(algorithm).vector16(() => body.bytes(signature));
  });
}

const contexts = {
  server: 'TLS 1.3, server CertificateVerify',
  client: 'TLS 1.3, client CertificateVerify',
} as const;

/** What a CertificateVerify signs: 64 spaces, the context string, a zero, the transcript's hash (RFC 8446 §4.4.3). */
export function signedContent(signer: 'server' | 'client', transcriptHash: Uint8Array): Uint8Array {
  return concatBytes([prefixes[signer], transcriptHash]);
}

const prefixes = { server: prefixOf(contexts.server), client: prefixOf(contexts.client) };

function prefixOf(context: string): Uint8Array {
  return asciiBytes(`${' '.repeat(64)}${context}\0`);
}
