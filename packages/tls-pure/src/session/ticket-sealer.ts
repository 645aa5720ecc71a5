import { TlsError, type TicketKey } from '@org/tls-core';
import { asciiBytes, concatBytes, copyBytes, equalBytes } from '@org/tls-core/backend';
import { aeadNonceLength, aeadTagLength, type Aead, type CryptoProvider } from '@org/tls-crypto';
import { hkdfExpand } from '@org/tls-crypto';

const nameLength = 16;
const secretLength = 32;
const saltLength = 16;
const keyLength = 32;
const headerLength = nameLength + saltLength + aeadNonceLength;
const label = asciiBytes('tls-pure ticket');

/** Tickets that are sealed under one salt: two random nonces then meet with a probability of 2^-48. */
const maxSealed = 2 ** 24;

/** A key that was derived from a ticket key's secret with a salt of this process. */
interface SealingKey {
  readonly crypto: CryptoProvider;
  readonly salt: Uint8Array;
  readonly aead: Aead;
  count: number;
}

const sealingKeys = new WeakMap<TicketKey, SealingKey>();

/** A key that has opened a ticket, by the salt. */
interface OpeningKey {
  readonly crypto: CryptoProvider;
  readonly salt: Uint8Array;
  readonly aead: Aead;
}

/** The keys that opened last, at most so many for each ticket key: a salt stands for a process, or for 2^24 of its tickets. */
const openingKeys = new WeakMap<TicketKey, readonly OpeningKey[]>();
const maxOpeningKeys = 8;

/**
 * Seals a session's state into a ticket: name, salt, nonce, AES-256-GCM (RFC 5077 §4's structure, with an AEAD). The key is derived with
 * the salt, so that no number of processes and tickets wears the secret out; the nonce is random, so that tickets do not tell which others
 * they came with (RFC 8446 §C.4).
 */
export function sealTicket(
  crypto: CryptoProvider,
  key: TicketKey,
  state: Uint8Array,
  randomFill: (into: Uint8Array) => void,
): Uint8Array {
  const { salt, aead } = sealingKeyOf(crypto, key, randomFill);
  const ticket = new Uint8Array(headerLength + state.length + aeadTagLength);
  ticket.set(key.name);
  ticket.set(salt, nameLength);
  const nonce = ticket.subarray(nameLength + saltLength, headerLength);
  randomFill(nonce);
  aead.seal(nonce, key.name, state, ticket.subarray(headerLength));
  return ticket;
}

/** @returns the state, or `undefined` when none of the keys sealed the ticket: the client then gets a full handshake */
export function openTicket(
  crypto: CryptoProvider,
  keys: readonly TicketKey[],
  ticket: Uint8Array,
): Uint8Array | undefined {
  const stateLength = ticket.length - headerLength - aeadTagLength;
  if (stateLength < 1) return undefined;
  const name = ticket.subarray(0, nameLength);
  const key = keys.find((each) => equalBytes(each.name, name));
  if (key === undefined) return undefined;
  checkTicketKey(key);
  const salt = ticket.subarray(nameLength, nameLength + saltLength);
  const nonce = ticket.subarray(nameLength + saltLength, headerLength);
  const state = new Uint8Array(stateLength);
  const known = openingKeys.get(key)?.find((each) => each.crypto === crypto && equalBytes(each.salt, salt));
  const aead = known?.aead ?? aeadOf(crypto, key, salt);
  if (!aead.open(nonce, name, ticket.subarray(headerLength), state)) return undefined;
  // only who has a ticket of ours gets here: anybody can make up salts
  if (known === undefined) rememberOpeningKey(key, { crypto, salt: copyBytes(salt), aead });
  return state;
}

function rememberOpeningKey(key: TicketKey, opening: OpeningKey): void {
  openingKeys.set(key, [opening, ...(openingKeys.get(key) ?? [])].slice(0, maxOpeningKeys));
}

function sealingKeyOf(crypto: CryptoProvider, key: TicketKey, randomFill: (into: Uint8Array) => void): SealingKey {
  const known = sealingKeys.get(key);
  if (known !== undefined && known.crypto === crypto && known.count < maxSealed) {
    known.count += 1;
    return known;
  }
  checkTicketKey(key);
  const salt = new Uint8Array(saltLength);
  randomFill(salt);
  const made: SealingKey = { crypto, salt, aead: aeadOf(crypto, key, salt), count: 1 };
  sealingKeys.set(key, made);
  return made;
}

function aeadOf(crypto: CryptoProvider, { secret }: TicketKey, salt: Uint8Array): Aead {
  const key = new Uint8Array(keyLength);
  hkdfExpand(crypto, 'sha256', secret, concatBytes([label, salt]), key);
  const aead = crypto.createAead('aes-256-gcm', key);
  key.fill(0);
  return aead;
}

function checkTicketKey({ name, secret }: TicketKey): void {
  if (name.length === nameLength && secret.length === secretLength) return;
  throw new TlsError(
    'ERR_TLS_HOOK',
    `ticketKeys: expected a name of ${nameLength} and a secret of ${secretLength} bytes, got ${name.length} and ${secret.length}`,
  );
}
