import { TlsError, type CertificateType, type ConnectionInfo, type PeerInfo } from '@org/tls-core';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { receiveCertificate } from '../handshake/peer-certificate.ts';
import { verifyPeerCertificate } from '../handshake/peer-verification.ts';
import { receiveCertificateVerify13 } from '../handshake/proofs-13.ts';
import { shapedExtensions } from '../handshake/shaped-extensions.ts';
import type { Handshake } from '../handshake/steps.ts';
import { having, standingIn } from '../wire/known-extensions.ts';
import { encodeCertificateRequest13 } from '../wire/messages/certificate-request-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** How a client proved itself. */
export interface ClientProof {
  readonly state: ConnectionInfo['clientAuthentication'];
  readonly peer: PeerInfo | undefined;
  readonly signatureScheme: string | undefined;
}

export const noClientProof: ClientProof = { state: 'none', peer: undefined, signatureScheme: undefined };

const requested = having('request', standingIn('tls13', 'CertificateRequest'));

/** The CertificateRequest of TLS 1.3 (RFC 8446 §4.3.2). */
export function certificateRequest(settings: ServerSettings): Uint8Array {
  const by = { settings };
  const extensions = requested.flatMap((extension) => extension.request(by) ?? []);
  return encodeCertificateRequest13(shapedExtensions(settings, 'CertificateRequest', extensions));
}

/**
 * The client's Certificate and CertificateVerify (RFC 8446 §4.4.2, §4.4.3).
 * @throws TlsError `ERR_TLS_CERTIFICATE_REQUIRED` when it has none and needs one (§4.4.2.4), a code of the certificate family
 */
export function* receiveClientProof(
  io: HandshakeIo,
  settings: ServerSettings,
  type: CertificateType,
): Handshake<ClientProof> {
  const certificate = yield* receiveCertificate(io, {
    requestContextLength: 0,
    type,
    offered: new Set(),
    compressors: decompressors(settings),
  });
  if (certificate.chain.length === 0 && certificate.rawPublicKey === undefined) {
    if (settings.config.clientAuthentication === 'require')
      throw new TlsError('ERR_TLS_CERTIFICATE_REQUIRED', 'the client has no certificate');
    return { ...noClientProof, state: 'requested' };
  }
  const { peer, publicKey } = yield* verifyPeerCertificate(settings, 'client', undefined, certificate);
  const signatureScheme = yield* receiveCertificateVerify13(io, 'client', publicKey, settings.signatureSchemes);
  return { state: 'provided', peer, signatureScheme };
}

function decompressors({ config }: ServerSettings) {
  return config.certificateCompressors.filter(({ decompress }) => decompress !== undefined);
}
