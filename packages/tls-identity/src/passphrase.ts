import type { PassphraseSource, TlsError } from '@org/tls-core';
import { binaryString } from '@org/tls-core/backend';
import { fault } from './identity-fault.ts';

/** A passphrase in the two ways in which keys are derived from it. */
export interface PassphraseForm {
  /** As PBES1, PBES2 and PEM have it. */
  readonly utf8: Uint8Array;
  /** As PKCS#12's own derivation has it: a BMPString with two zeros at its end (RFC 7292 §B.1). */
  readonly bmp: Uint8Array;
}

/** The passphrase of one identity. */
export class Passphrase {
  readonly #source: PassphraseSource | undefined;
  #forms: Promise<readonly PassphraseForm[]> | undefined;

  constructor(source: PassphraseSource | undefined) {
    if (source !== undefined && typeof source !== 'string' && typeof source !== 'function')
      throw fault(`passphrase: expected text or a function, got ${typeof source}`);
    this.#source = source;
  }

  /**
   * Gives the forms that the passphrase may have been used in, the likeliest first. There is one at least.
   * @param what says for the message what is encrypted
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when no passphrase was given; whatever the function throws
   */
  async forms(what: string): Promise<readonly PassphraseForm[]> {
    if (this.#source === undefined) throw fault(`${what} is encrypted, and no passphrase was given`);
    return this.formsOrEmpty();
  }

  /** Gives the forms, or those of the empty passphrase where none was given. PKCS#12 has that for files that nobody meant to protect. */
  async formsOrEmpty(): Promise<readonly PassphraseForm[]> {
    this.#forms ??= this.#source === undefined ? Promise.resolve(noPassphrase()) : ask(this.#source).then(formsOf);
    return this.#forms;
  }

  /** Makes the error for what the passphrase does not open. */
  refusal(what: string): TlsError {
    return fault(
      this.#source !== undefined
        ? `the passphrase of ${what} is wrong, or it is damaged`
        : `${what} needs a passphrase, and none was given`,
    );
  }

  /** Leaves the only form that fits, which the MAC of a file has shown. */
  settle(form: PassphraseForm): void {
    this.#forms = Promise.resolve([form]);
  }
}

async function ask(source: PassphraseSource): Promise<string> {
  const text = typeof source === 'string' ? source : await source();
  if (typeof text !== 'string') throw fault(`passphrase: expected the function to give text, got ${typeof text}`);
  return text;
}

const nullPassphrase: PassphraseForm = { utf8: new Uint8Array(), bmp: new Uint8Array() };

/** Where none is given, the null passphrase is the likelier one. */
function noPassphrase(): readonly PassphraseForm[] {
  return formsOf('').toReversed();
}

/**
 * Gives the forms of a passphrase. Programs write the empty one as an empty BMPString, which is two zeros, or as the null passphrase, which
 * is no bytes. OpenSSL before 1.1.0 took each byte of a passphrase for a character, whatever the encoding of the terminal.
 */
function formsOf(text: string): readonly PassphraseForm[] {
  const utf8 = new TextEncoder().encode(text);
  const usual = { utf8, bmp: bmpString(text) };
  if (text === '') return [usual, nullPassphrase];
  const isAscii = utf8.length === text.length;
  return isAscii ? [usual] : [usual, { utf8, bmp: bmpString(binaryString(utf8)) }];
}

function bmpString(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1) view.setUint16(2 * index, text.charCodeAt(index));
  return bytes;
}
