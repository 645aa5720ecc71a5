import { TlsError } from '@org/tls-core';
import { cipherDescriptions } from './cipher-names.ts';

/** What a cipher string chooses, by IANA names and in order of preference. */
export interface ChosenCiphers {
  readonly tls13: readonly string[];
  readonly tls12: readonly string[];
}

const entries = Object.entries(cipherDescriptions);
const tls13Names = entries.filter(([, { version }]) => version === 'TLSv1.3').map(([name]) => name);
const tls12Names = entries.filter(([, { version }]) => version === 'TLSv1.2').map(([name]) => name);

/**
 * Applies the option `ciphers` to the suites of our backends, as Node and OpenSSL apply it to theirs. Suites that none of our backends has
 * fall out, and so do words that nothing of ours answers to. Whether the text is one that OpenSSL takes is not judged here.
 *
 * As in Node, a text that names no suite of TLS 1.3 leaves them all on, and one that names only those leaves none of TLS 1.2.
 * @throws TlsError `ERR_TLS_UNSUPPORTED` on a security level above 2: keys of 2048 bits of RSA would be accepted, which it forbids
 */
export function chooseCiphers(ciphers: string): ChosenCiphers {
  const [level] = /(?<=@SECLEVEL=)[3-9]/u.exec(ciphers) ?? [];
  if (level !== undefined) {
    const message = `ciphers: @SECLEVEL=${level} is not kept here, what holds is level 2`;
    throw new TlsError('ERR_TLS_UNSUPPORTED', message, { option: 'ciphers' });
  }
  const words = ciphers.split(':').filter((word) => word !== '');
  const isTls13 = (word: string): boolean => word.startsWith('TLS_') || word.startsWith('!TLS_');
  return { tls13: chooseTls13(words.filter(isTls13)), tls12: chooseTls12(words.filter((word) => !isTls13(word))) };
}

function chooseTls13(words: readonly string[]): readonly string[] {
  if (words.length === 0) return tls13Names;
  return [...new Set(words)].filter((word) => tls13Names.includes(word));
}

/** The separators of OpenSSL's cipher strings; Node adds none. */
const separators = /[:,; ]+/u;

function chooseTls12(words: readonly string[]): readonly string[] {
  // DEFAULT is a word in the first place only; it stands for all that OpenSSL does not leave out, which is nothing of ours
  const text = words.join(':').replace(/^DEFAULT/u, 'ALL:');
  const list = new CipherList();
  for (const rule of text.split(separators)) list.apply(rule);
  return list.active;
}

/**
 * OpenSSL's list of suites, each of which is active or not. A rule moves suites within the list, whose order counts for suites that are not
 * active too.
 */
class CipherList {
  #active: readonly string[] = [];
  #inactive: readonly string[] = tls12Names;

  get active(): readonly string[] {
    return this.#active;
  }

  apply(rule: string): void {
    if (rule === '@STRENGTH') {
      this.#active = this.#active.toSorted((one, other) => strengthOf(other) - strengthOf(one));
      return;
    }
    const sign = /^[-+!]/u.exec(rule)?.[0];
    const matching = matcher(sign === undefined ? rule : rule.slice(1));
    const others = this.#active.filter((name) => !matching(name));
    if (sign === '+') {
      this.#active = [...others, ...this.#active.filter(matching)];
    } else if (sign === '-') {
      // what is taken away last is the first of what can come back
      this.#inactive = [...this.#active.filter(matching), ...this.#inactive];
      this.#active = others;
    } else if (sign === '!') {
      this.#active = others;
      this.#inactive = this.#inactive.filter((name) => !matching(name));
    } else {
      this.#active = [...this.#active, ...this.#inactive.filter(matching)];
      this.#inactive = this.#inactive.filter((name) => !matching(name));
    }
  }
}

/** Tells which suites all words of a rule name, which are joined by `+`. */
function matcher(words: string): (name: string) => boolean {
  const wanted = words.split('+');
  return (name) => wanted.every((word) => descriptionOf(name)?.keywords.has(word) === true);
}

function strengthOf(name: string): number {
  return descriptionOf(name)?.strengthBits ?? 0;
}

function descriptionOf(name: string): (typeof entries)[number][1] | undefined {
  return descriptions.get(name);
}

const descriptions = new Map(entries);
