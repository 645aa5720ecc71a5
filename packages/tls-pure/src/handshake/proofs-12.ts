import { TlsError } from '@org/tls-core';
import { equalSecret } from '@org/tls-core/backend';
import {
  type PublicKey,
  type PublicKeyInfo,
  keyFitsScheme12,
  type SignatureScheme,
  type CipherSuite12,
} from '@org/tls-crypto';
import { HandshakeType } from '../wire/handshake-message.ts';
import { encodeFinished } from '../wire/messages/finished.ts';
import type { HandshakeIo } from './handshake-io.ts';
import { settle, type Handshake } from './steps.ts';
import type { Keys12 } from './keys-12.ts';

/** Schemes that TLS 1.2 knows: all but those that were made for TLS 1.3 only. */
export function isScheme12({ tls12 }: SignatureScheme): boolean {
  return tls12;
}

/** The key's type must be the suite's (RFC 8422 §5.3, §5.10). */
export function keyFitsSuite({ type }: Pick<PublicKeyInfo, 'type'>, { authentication }: CipherSuite12): boolean {
  if (authentication === 'rsa') return type === 'rsa' || type === 'rsa-pss';
  return type === 'ec' || type === 'ed25519';
}

/**
 * Checks a signature of ServerKeyExchange or CertificateVerify (RFC 5246 §7.4.3, §7.4.8).
 * @param offered the schemes that we said we accept
 * @returns the scheme's IANA name
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a scheme that was not offered or does not fit the key, `ERR_TLS_DECRYPT` on a wrong signature
 */
export function* verifySignature12(
  publicKey: PublicKey,
  offered: readonly SignatureScheme[],
  { algorithm, signature }: { readonly algorithm: number; readonly signature: Uint8Array },
  content: Uint8Array,
): Handshake<string> {
  const scheme = offered.find(({ id }) => id === algorithm);
  if (scheme === undefined || !keyFitsScheme12(publicKey.info, scheme)) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      `signature scheme 0x${algorithm.toString(16).padStart(4, '0')} was not offered or does not fit the key`,
    );
  }
  if (!(yield* settle(publicKey.verify(scheme.algorithm, content, signature)))) {
    throw new TlsError('ERR_TLS_DECRYPT', 'the signature is wrong');
  }
  return scheme.name;
}

/** Sends ChangeCipherSpec and our Finished (RFC 5246 §7.1, §7.4.9), the first message that is sealed with the connection's keys. */
export function sendFinished12(io: HandshakeIo, keys: Keys12, sender: 'client' | 'server'): void {
  io.sendChangeCipherSpec();
  io.sealWith(keys.protectionOf(sender));
  io.send(encodeFinished(keys.verifyData(sender, io.transcript.hash())));
}

/**
 * Receives the peer's ChangeCipherSpec and Finished and checks the latter in constant time (RFC 5246 §7.1, §7.4.9).
 * @throws TlsError `ERR_TLS_DECRYPT` when it differs, in its length too
 */
export function* receiveFinished12(io: HandshakeIo, keys: Keys12, sender: 'client' | 'server'): Handshake<void> {
  yield* io.receiveChangeCipherSpec();
  io.openWith(keys.protectionOf(sender));
  const expected = keys.verifyData(sender, io.transcript.hash());
  const { body } = yield* io.receive(HandshakeType.finished);
  if (!equalSecret(expected, body)) throw new TlsError('ERR_TLS_DECRYPT', 'Finished: verify_data differs');
}
