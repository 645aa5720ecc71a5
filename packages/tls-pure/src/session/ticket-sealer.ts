import { TlsError, type TicketKey } from '@org/tls-core';
import { concatBytes, copyBytes, equalBytes } from '../crypto/bytes.ts';
import { aeadNonceLength, aeadTagLength, type CryptoProvider } from '../crypto/provider.ts';
import { hkdfExpand } from '../schedule/hkdf.ts';

const nameLength = 16;
const secretLength = 32;
const saltLength = 16;
const keyLength = 32;
const label = Uint8Array.from('tls-pure ticket', (character) => character.charCodeAt(0));

/**
 * Seals a session's state into a ticket: name, salt, AES-256-GCM under a key that is derived for this ticket alone, so that no number
 * of tickets wears a key out (RFC 5077 §4's structure, with an AEAD).
 */
export function sealTicket(
  crypto: CryptoProvider,
  key: TicketKey,
  state: Uint8Array,
  randomFill: (into: Uint8Array) => void,
): Uint8Array {
  checkTicketKey(key);
  const salt = new Uint8Array(saltLength);
  randomFill(salt);
  const ticket = new Uint8Array(nameLength + saltLength + state.length + aeadTagLength);
  ticket.set(key.name);
  ticket.set(salt, nameLength);
  const { aead, nonce } = aeadOf(crypto, key, salt);
  aead.seal(nonce, key.name, state, ticket.subarray(nameLength + saltLength));
  return ticket;
}

/** @returns the state, or `undefined` when none of the keys sealed the ticket: the client then gets a full handshake */
export function openTicket(
  crypto: CryptoProvider,
  keys: readonly TicketKey[],
  ticket: Uint8Array,
): Uint8Array | undefined {
  const stateLength = ticket.length - nameLength - saltLength - aeadTagLength;
  if (stateLength < 1) return undefined;
  const name = ticket.subarray(0, nameLength);
  const key = keys.find((each) => equalBytes(each.name, name));
  if (key === undefined) return undefined;
  checkTicketKey(key);
  const { aead, nonce } = aeadOf(crypto, key, ticket.subarray(nameLength, nameLength + saltLength));
  const state = new Uint8Array(stateLength);
  return aead.open(nonce, key.name, ticket.subarray(nameLength + saltLength), state) ? state : undefined;
}

function aeadOf(crypto: CryptoProvider, { secret }: TicketKey, salt: Uint8Array) {
  const material = hkdfExpand(crypto, 'sha256', secret, concatBytes([label, salt]), keyLength + aeadNonceLength);
  const aead = crypto.createAead('aes-256-gcm', material.subarray(0, keyLength));
  const nonce = copyBytes(material.subarray(keyLength));
  material.fill(0);
  return { aead, nonce };
}

function checkTicketKey({ name, secret }: TicketKey): void {
  if (name.length === nameLength && secret.length === secretLength) return;
  throw new TlsError(
    'ERR_TLS_HOOK',
    `ticketKeys: expected a name of ${nameLength} and a secret of ${secretLength} bytes, got ${name.length} and ${secret.length}`,
  );
}
