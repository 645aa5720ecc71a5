import type { MaybePromise } from '@org/tls-core';
import { fault } from './identity-fault.ts';

/** A passphrase, or a function that gives it. A function is called at most once, and only when something is encrypted. */
export type PassphraseSource = string | (() => MaybePromise<string>);

/** The passphrase of one identity. */
export class Passphrase {
  readonly #source: PassphraseSource | undefined;
  #text: Promise<string> | undefined;

  constructor(source: PassphraseSource | undefined) {
    if (source !== undefined && typeof source !== 'string' && typeof source !== 'function')
      throw fault(`passphrase: expected text or a function, got ${typeof source}`);
    this.#source = source;
  }

  get isGiven(): boolean {
    return this.#source !== undefined;
  }

  /**
   * Gives the passphrase.
   * @param what says for the message what is encrypted
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when no passphrase was given; whatever the function throws
   */
  async get(what: string): Promise<string> {
    if (this.#source === undefined) throw fault(`${what} is encrypted, and no passphrase was given`);
    return this.orEmpty();
  }

  /** Gives the passphrase, or the empty one where none was given. PKCS#12 has that for files that nobody meant to protect. */
  async orEmpty(): Promise<string> {
    this.#text ??= ask(this.#source ?? '');
    return this.#text;
  }
}

async function ask(source: PassphraseSource): Promise<string> {
  const text = typeof source === 'string' ? source : await source();
  if (typeof text !== 'string') throw fault(`passphrase: expected the function to give text, got ${typeof text}`);
  return text;
}
