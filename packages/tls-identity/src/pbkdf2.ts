import { fault } from './identity-fault.ts';

/** The hash functions by the object identifier of their HMAC (RFC 8018 §B.1.2), with WebCrypto's names. */
const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
};

/** Gives the hash of an HMAC. */
export function hmacHash(oid: string): string {
  const hash = hashes[oid];
  if (hash === undefined) throw fault(`HMAC ${oid} is not supported`);
  return hash;
}

/** The most iterations. A file with more would keep the machine busy for minutes; the tools write 2,048 to 600,000. */
const maxIterations = 5_000_000;

/** @throws TlsError `ERR_TLS_IDENTITY` when the number of iterations is not a positive integer, or too large */
export function checkIterations(count: number): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > maxIterations)
    throw fault(`expected 1 to ${maxIterations} iterations, got ${count}`);
}

/** Derives a key by PBKDF2 (RFC 8018 §5.2) from a passphrase in UTF-8. */
export async function pbkdf2(
  passphrase: string,
  hash: string,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Uint8Array> {
  checkIterations(iterations);
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, key, 8 * length));
}
