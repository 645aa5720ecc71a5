import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { badValue, bytes, listOf } from '@org/tls-core/backend';

/** As many bytes as the keys have that are made of it: a shorter secret would be easier to guess than they are. */
const shortest = 32;
/** Nobody needs more: one that seals, one that is new, and some that are on their way out. */
const mostSecrets = 4;

/** A secret that all servers of a fleet share. Keys for its uses are derived from it; it is used for nothing itself. */
export class FleetSecret {
  readonly #key: KeyObject;

  constructor(secret: Uint8Array) {
    this.#key = createSecretKey(secret);
  }

  /**
   * Derives bytes for one use by HKDF-SHA256 (RFC 5869), without a salt, since the secret is random.
   * @param use names the use; no other use of the package has the same name
   */
  derive(use: string, length: number): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#key, noSalt, `@org/tls-fleet ${use}`, length));
  }
}

const noSalt = new Uint8Array(0);

/**
 * Reads the option that holds a fleet's secret, or a list of them, of which the first is used for what is new.
 * @throws TypeError on anything but bytes or a list of bytes
 * @throws TlsError `ERR_TLS_CONFIG` on a secret of fewer than 32 bytes or of one repeated byte, on none, on more than 4, or on one that
 *   stands twice
 */
export function readSecrets(value: unknown, option: string): readonly FleetSecret[] {
  const expected = `a secret of at least ${shortest} bytes, or a list of them`;
  const secrets =
    value instanceof Uint8Array ? [value] : listOf(value, option, expected, (each) => bytes(each, option, expected));
  if (secrets.length === 0 || secrets.length > mostSecrets)
    throw badValue(option, `expected 1 to ${mostSecrets} secrets, got ${secrets.length}`);
  for (const secret of secrets) checkSecret(secret, option);
  if (new Set(secrets.map((each) => Buffer.from(each).toString('latin1'))).size !== secrets.length)
    throw badValue(option, 'a secret stands twice');
  return secrets.map((secret) => new FleetSecret(secret));
}

function checkSecret(secret: Uint8Array, option: string): void {
  if (secret.length < shortest)
    throw badValue(option, `expected at least ${shortest} random bytes, got ${secret.length}`);
  // such as a buffer that was never filled, or was wiped
  if (secret.every((byte) => byte === secret[0]))
    throw badValue(option, 'expected random bytes, got one byte repeated');
}
