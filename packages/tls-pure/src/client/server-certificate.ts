import { isTlsError, TlsError, type PeerInfo, type PeerVerification } from '@org/tls-core';
import type { PublicKey } from '../crypto/provider.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { ClientSettings } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { refuseUnsolicited } from '../wire/extension.ts';
import { decodeCertificate } from '../wire/messages/certificate.ts';
import { leafPublicKeyInfo } from '../x509/leaf-public-key.ts';
import { verifyChain } from '../x509/verifier.ts';
import type { ClientHelloState } from './make-client-hello.ts';

/** What the server proved to be, once its CertificateVerify is checked with `publicKey` too. */
export interface ServerCertificate {
  readonly peer: PeerInfo;
  readonly publicKey: PublicKey;
}

/**
 * Checks the server's Certificate (RFC 8446 §4.4.2.4): its chain by our verifier, then by the hook `verifyPeer`.
 * @throws TlsError `ERR_TLS_DECODE` on an empty list, a code of the certificate family, `ERR_TLS_CERTIFICATE_REJECTED` when the hook rejects
 */
export function* receiveServerCertificate(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  body: Uint8Array,
): Handshake<ServerCertificate> {
  const { certificateRequestContext, certificateList } = decodeCertificate(body);
  if (certificateRequestContext.length !== 0) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      'Certificate: certificate_request_context of a server is not empty (§4.4.2)',
    );
  }
  // §4.4.2.4: an empty list is a decode_error
  if (certificateList.length === 0) throw new TlsError('ERR_TLS_DECODE', 'Certificate: the server sent no certificate');
  for (const { extensions } of certificateList) refuseUnsolicited(extensions, hello.offered, 'Certificate');

  const chain = Object.freeze(certificateList.map(({ certData }) => certData));
  const { serverName } = hello.options;
  const verifiedPath = settings.acceptsAnyCertificate ? [] : yield* verify(io, settings, serverName, chain);
  const peer: PeerInfo = Object.freeze({ chain, verifiedPath: Object.freeze(verifiedPath), ocspResponse: undefined });
  if (settings.verifyPeer !== undefined) yield* askHook(settings.verifyPeer, { role: 'client', serverName, ...peer });
  return { peer, publicKey: io.crypto.importPublicKey(leafPublicKeyInfo(chain)) };
}

function* verify(
  io: HandshakeIo,
  settings: ClientSettings,
  serverName: string,
  chain: readonly Uint8Array[],
): Handshake<readonly Uint8Array[]> {
  const { path } = yield* settle(
    verifyChain({
      chain,
      anchors: settings.trustAnchors,
      purpose: 'server',
      serverName,
      time: settings.clock(),
      crypto: io.crypto,
    }),
  );
  return path;
}

function* askHook(
  verifyPeer: NonNullable<ClientSettings['verifyPeer']>,
  verification: PeerVerification,
): Handshake<void> {
  try {
    yield* settle(verifyPeer(verification));
  } catch (error) {
    if (isTlsError(error) && error.family === 'certificate') throw error;
    throw new TlsError('ERR_TLS_CERTIFICATE_REJECTED', 'the hook `verifyPeer` rejected the certificate', {
      cause: error,
      certificate: { chain: verification.chain, rejectedPaths: [], nodeCode: 'CERT_REJECTED' },
    });
  }
}
