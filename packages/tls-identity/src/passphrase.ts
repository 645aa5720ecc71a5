import type { MaybePromise } from '@org/tls-core';
import { fault } from './identity-fault.ts';

/** A passphrase, or what gives it. A function is called at most once, and only when something is encrypted. */
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
   * @param what is encrypted, for the message
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when none was given; whatever the function throws
   */
  async get(what: string): Promise<string> {
    if (this.#source === undefined) throw fault(`${what} is encrypted, and no passphrase was given`);
    return this.orEmpty();
  }

  /** The empty one where none was given. PKCS#12 has it for files that nobody meant to protect. */
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
