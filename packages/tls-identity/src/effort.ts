import { fault } from './identity-fault.ts';

/**
 * How many iterations of key derivation one file may ask for by default, in all its parts together. They take a second or so. GnuTLS asks for most:
 * 600,000 for the MAC, for the key and for each certificate.
 */
const defaultMaxIterations = 5_000_000;

/**
 * What one step of a derivation counts, in iterations of PBKDF2 with HMAC-SHA-256, which take as long: an iteration of PBKDF2 for one block of
 * the key, with a hash of 32-bit or of 64-bit words; a hash of PKCS#12's derivation or of PBES1; and one of scrypt's N·r·p, which needs 128 bytes too.
 */
export const weight = { pbkdf2: 1, pbkdf2Of64: 3, hash: 4, scrypt: 2 } as const;

/** Counts what a file makes the machine do. */
export class Effort {
  readonly #limit: number;
  #spent = 0;

  /** @throws TlsError `ERR_TLS_IDENTITY` when the limit is no positive integer */
  constructor(maxIterations: number = defaultMaxIterations) {
    if (!Number.isSafeInteger(maxIterations) || maxIterations < 1)
      throw fault('maxIterations: expected a whole number above 0');
    this.#limit = maxIterations;
  }

  /** Tells whether the file has asked for more than it may. It is not read further then, whatever else is in it. */
  get isExceeded(): boolean {
    return this.#spent > this.#limit;
  }

  /**
   * Counts steps before they are done.
   * @param each what one of them counts
   * @throws TlsError `ERR_TLS_IDENTITY` when the number is no positive integer, or with it the file asks for too much
   */
  spend(steps: number, each: (typeof weight)[keyof typeof weight]): void {
    if (!Number.isSafeInteger(steps) || steps < 1) throw fault(`expected 1 iteration or more, got ${steps}`);
    this.#spent += steps * each;
    if (this.isExceeded)
      throw fault(
        `deriving the keys of the file counts as ${this.#spent} iterations or more, and ${this.#limit} are allowed; ` +
          'where the file is to be trusted, allow more by `maxIterations`',
      );
  }
}
