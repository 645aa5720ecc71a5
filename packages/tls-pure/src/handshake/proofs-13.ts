import { TlsError } from '@org/tls-core';
import { equalSecret } from '@org/tls-core/backend';
import { type PublicKey, keyFitsScheme, type SignatureScheme } from '@org/tls-crypto';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { decodeCertificateVerify, signedContent } from '../wire/messages/certificate-verify.ts';
import type { HandshakeIo } from './handshake-io.ts';
import { settle, type Handshake } from './steps.ts';

/**
 * Receives the peer's CertificateVerify and checks it (RFC 8446 §4.4.3).
 * @param offered the schemes that we said we accept
 * @returns the scheme's IANA name
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a scheme that was not offered or does not fit the key, `ERR_TLS_DECRYPT` on a wrong signature
 */
export function* receiveCertificateVerify13(
  io: HandshakeIo,
  signer: 'server' | 'client',
  publicKey: PublicKey,
  offered: readonly SignatureScheme[],
): Handshake<string> {
  const content = signedContent(signer, io.transcript.hash());
  const { body } = yield* io.receive(HandshakeType.certificateVerify);
  const { algorithm, signature } = decodeCertificateVerify(body);
  const scheme = offered.find(({ id, tls13 }) => tls13 && id === algorithm);
  if (scheme === undefined || !keyFitsScheme(publicKey.info, scheme)) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      `CertificateVerify: scheme 0x${algorithm.toString(16).padStart(4, '0')} was not offered or does not fit the key`,
    );
  }
  if (!(yield* settle(publicKey.verify(scheme.algorithm, content, signature)))) {
    throw new TlsError('ERR_TLS_DECRYPT', 'CertificateVerify: the signature is wrong');
  }
  return scheme.name;
}

/**
 * Receives the peer's Finished and checks its `verify_data` in constant time (RFC 8446 §4.4.4).
 * @param baseKey the peer's handshake traffic secret
 * @throws TlsError `ERR_TLS_DECRYPT` when it differs, in its length too
 */
export function* receiveFinished13(io: HandshakeIo, schedule: KeySchedule, baseKey: Uint8Array): Handshake<void> {
  const expected = schedule.verifyData(baseKey, io.transcript.hash());
  const { body } = yield* io.receive(HandshakeType.finished);
  if (!equalSecret(expected, body)) throw new TlsError('ERR_TLS_DECRYPT', 'Finished: verify_data differs');
}
