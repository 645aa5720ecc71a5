import { TlsError, type CertificateType } from '@org/tls-core';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyPeerCertificate, type VerifiedPeer } from '../handshake/peer-verification.ts';
import { verifySignature12 } from '../handshake/proofs-12.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { makeKeys12, type Keys12 } from '../handshake/keys-12.ts';
import { extendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeCertificateVerify } from '../wire/messages/certificate-verify.ts';
import { decodeCertificate12 } from '../wire/messages/certificate-12.ts';
import { decodeClientKeyExchange } from '../wire/messages/client-key-exchange.ts';
import { noClientProof, type ClientProof } from './client-certificate.ts';
import type { Chosen12 } from './negotiation-12.ts';
import type { ServerFlight12 } from './server-flight-12.ts';
import type { ServerSettings } from './server-settings.ts';

/** What the client's messages before its ChangeCipherSpec have led to. */
export interface ClientFlight12 {
  readonly keys: Keys12;
  readonly proof: ClientProof;
}

/**
 * Receives and verifies Certificate, ClientKeyExchange and CertificateVerify (RFC 5246 §7.4.6 to §7.4.8).
 *
 * Before, the transcript ends with ServerHelloDone; behind, it has all messages before the client's Finished, and keeps none.
 */
export function* receiveClientFlight12(
  io: HandshakeIo,
  settings: ServerSettings,
  { hello, suite, clientCertificateType }: Chosen12,
  { randoms, keyShare }: ServerFlight12,
): Handshake<ClientFlight12> {
  const client =
    clientCertificateType === undefined
      ? undefined
      : yield* receiveClientCertificate(io, settings, clientCertificateType);
  const exchange = yield* io.receive(HandshakeType.clientKeyExchange);
  const preMainSecret = yield* settle(keyShare.deriveSharedSecret(decodeClientKeyExchange(exchange.body)));
  const keys = makeKeys12(io, suite, randoms, preMainSecret, hello.has(extendedMasterSecret));
  const proof = client === undefined ? noClientProof : yield* receiveCertificateVerify(io, settings, client);
  io.transcript.takeMessages();
  return { keys, proof };
}

/** @throws TlsError `ERR_TLS_CERTIFICATE_REQUIRED` when it has none and needs one (RFC 5246 §7.4.6), a code of the certificate family */
function* receiveClientCertificate(
  io: HandshakeIo,
  settings: ServerSettings,
  type: CertificateType,
): Handshake<VerifiedPeer | 'none'> {
  const { body } = yield* io.receive(HandshakeType.certificate);
  const entries = decodeCertificate12(body, type);
  const [first] = entries;
  if (first === undefined) {
    if (settings.config.clientAuthentication !== 'require') return 'none';
    throw new TlsError('ERR_TLS_CERTIFICATE_REQUIRED', 'the client has no certificate', { section: 'RFC 5246 §7.4.6' });
  }
  const isRaw = type === 'RawPublicKey';
  return yield* verifyPeerCertificate(settings, 'client', undefined, {
    chain: Object.freeze(isRaw ? [] : entries),
    rawPublicKey: isRaw ? first : undefined,
    ocspResponse: undefined,
    signedCertificateTimestamps: undefined,
  });
}

function* receiveCertificateVerify(
  io: HandshakeIo,
  settings: ServerSettings,
  client: VerifiedPeer | 'none',
): Handshake<ClientProof> {
  if (client === 'none') return { ...noClientProof, state: 'requested' };
  const content = io.transcript.takeMessages();
  const { body } = yield* io.receive(HandshakeType.certificateVerify);
  const verify = decodeCertificateVerify(body);
  const signatureScheme = yield* verifySignature12(client.publicKey, settings.signatureSchemes, verify, content);
  return { state: 'provided', peer: client.peer, signatureScheme };
}
