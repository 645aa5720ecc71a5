import { concatBytes, copyBytes, equalSecret } from '@org/tls-core/backend';
import type { CryptoProvider, HashAlgorithm } from '@org/tls-crypto';
import { hkdfExpandLabel } from '../schedule/hkdf-expand-label.ts';
import { hkdfExtract } from '@org/tls-crypto';
import { ExtensionType } from '../wire/extension.ts';
import { handshakeHeaderLength, HandshakeType } from '../wire/handshake-message.ts';
import { decodeServerHello } from '../wire/messages/server-hello.ts';
import { offsetWithin } from './client-hello-inner.ts';
import { confirmationLength, decodeHelloRetryEch } from './extension.ts';

/** What an acceptance confirmation is computed from (RFC 9849 §7.2). */
export interface ConfirmationInput {
  readonly crypto: CryptoProvider;
  /** Of the cipher suite that the server chose. */
  readonly hash: HashAlgorithm;
  /** `ClientHelloInner.random`. */
  readonly innerRandom: Uint8Array;
  /**
   * The messages before this one, whole: the ClientHelloInner; or, behind a HelloRetryRequest, `messageHash` of the first one, the
   * HelloRetryRequest as it was sent, the second one.
   */
  readonly messagesBefore: readonly Uint8Array[];
}

/**
 * A server's confirmation in a ServerHello or HelloRetryRequest (RFC 9849 §7.2, §7.2.1).
 * @param serverHello the whole message; a HelloRetryRequest holds `unconfirmedHelloRetryEch`
 * @returns the message to send, with the confirmation in place
 */
export function confirmAcceptance(input: ConfirmationInput, serverHello: Uint8Array): Uint8Array {
  const place = findConfirmation(serverHello);
  if (place === undefined) throw new RangeError('the HelloRetryRequest has no encrypted_client_hello to fill in');
  const confirmed = copyBytes(serverHello);
  confirmed.set(acceptConfirmation(input, serverHello, place), place.offset);
  return confirmed;
}

/**
 * Whether a server's ServerHello or HelloRetryRequest says that it took the ClientHelloInner (RFC 9849 §6.1.4, §6.1.5).
 * @param serverHello the whole message
 * @throws TlsError `ERR_TLS_DECODE` when the extension of a HelloRetryRequest is not 8 bytes
 */
export function isAcceptanceConfirmed(input: ConfirmationInput, serverHello: Uint8Array): boolean {
  const place = findConfirmation(serverHello);
  if (place === undefined) return false;
  const received = serverHello.subarray(place.offset, place.offset + confirmationLength);
  return equalSecret(acceptConfirmation(input, serverHello, place), received);
}

/** The message that stands for the ClientHello before a HelloRetryRequest (RFC 8446 §4.4.1). */
export function messageHash(crypto: CryptoProvider, hash: HashAlgorithm, clientHello: Uint8Array): Uint8Array {
  const digest = crypto.hash(hash, clientHello);
  return concatBytes([Uint8Array.of(HandshakeType.messageHash, 0, 0, digest.length), digest]);
}

/** Where a confirmation stands in a message, and what it is labelled with. */
interface ConfirmationPlace {
  readonly offset: number;
  readonly label: string;
}

function acceptConfirmation(
  { crypto, hash, innerRandom, messagesBefore }: ConfirmationInput,
  serverHello: Uint8Array,
  { offset, label }: ConfirmationPlace,
): Uint8Array {
  const unconfirmed = copyBytes(serverHello).fill(0, offset, offset + confirmationLength);
  const transcriptHash = crypto.hash(hash, concatBytes([...messagesBefore, unconfirmed]));
  const secret = new Uint8Array(transcriptHash.length);
  hkdfExtract(crypto, hash, secret, innerRandom, secret); // the salt is zeros
  return hkdfExpandLabel(crypto, hash, secret, { label, context: transcriptHash, length: confirmationLength });
}

/** @returns `undefined` in a HelloRetryRequest without the extension */
function findConfirmation(serverHello: Uint8Array): ConfirmationPlace | undefined {
  const { isHelloRetryRequest, random, extensions } = decodeServerHello(serverHello.subarray(handshakeHeaderLength));
  if (!isHelloRetryRequest) {
    const end = random.subarray(random.length - confirmationLength);
    return { offset: offsetWithin(serverHello, end), label: 'ech accept confirmation' };
  }
  const body = extensions.get(ExtensionType.encryptedClientHello);
  if (body === undefined) return undefined;
  return { offset: offsetWithin(serverHello, decodeHelloRetryEch(body)), label: 'hrr ech accept confirmation' };
}
