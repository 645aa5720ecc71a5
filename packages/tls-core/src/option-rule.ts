import { pemOrDer } from './pem-or-der.ts';
import type { RoleCapabilities } from './capabilities.ts';
import { badValue, unsupported, wrongType } from './option-error.ts';
import { bareCopy, ownOptions, propertyOf } from './own-options.ts';

/** Checks the value of one option and copies it. `capabilities` are the backend's for this role. */
export type OptionRule<Value> = (
  value: unknown,
  option: string,
  capabilities: RoleCapabilities,
  backendName: string,
) => Value;

/** Holds one rule for each option, so that a missing or a surplus row does not compile. */
export type OptionRules<Config> = { readonly [Option in keyof Required<Config>]: OptionRule<Required<Config>[Option]> };

/** Whoever calls a hook knows what it takes and judges what it gives. */
type Hook = (...given: readonly unknown[]) => never;

export function callback(value: unknown, option: string): Hook {
  if (typeof value !== 'function') throw wrongType(option, 'a function', value);
  return value as Hook;
}

export function flag(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw wrongType(option, 'a boolean', value);
  return value;
}

export function oneOf<const Word extends string>(...allowed: readonly Word[]): OptionRule<Word> {
  return (value, option) => {
    if (typeof value !== 'string') throw wrongType(option, 'a string', value);
    const word = allowed.find((each) => each === value);
    if (word === undefined) throw badValue(option, `expected one of ${allowed.join(', ')}, got ${value}`);
    return word;
  };
}

/** Reads an object of booleans that has no other keys. */
export function flags<const Name extends string>(
  ...names: readonly Name[]
): OptionRule<{ readonly [Each in Name]?: boolean }> {
  return (value, option) => {
    const given = ownOptions(value as { readonly [Each in Name]?: boolean }, names, option);
    for (const [name, on] of Object.entries(given)) flag(on, `${option}.${name}`);
    return Object.freeze(given);
  };
}

/** Reads an object with these methods. They are looked up once, and are called on the object. */
export function methods<Hooks>(...names: readonly (keyof Hooks & string)[]): (value: unknown, option: string) => Hooks {
  return (value, option) => {
    const bound = bareCopy<Record<string, unknown>>({});
    for (const name of names) {
      const method = propertyOf(value, name);
      if (typeof method !== 'function') throw wrongType(option, `an object with ${name}()`, value);
      bound[name] = (...given: readonly unknown[]): unknown => Reflect.apply(method, value, given);
    }
    return Object.freeze(bound) as Hooks;
  };
}

/** Reads a whole number within bounds, both included. */
export function integer(minimum: number, maximum: number): (value: unknown, option: string) => number {
  return (value, option) => {
    if (typeof value !== 'number') throw wrongType(option, 'a number', value);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw badValue(option, `expected a whole number from ${minimum} to ${maximum}, got ${value}`);
    return value;
  };
}

/** Reads an object of whole numbers, which are all required, and which has no other keys. */
export function integers<const Name extends string>(
  bounds: Readonly<Record<Name, readonly [number, number]>>,
): OptionRule<{ readonly [Each in Name]: number }> {
  const names = Object.keys(bounds) as Name[];
  return (value, option) => {
    const given = ownOptions(value as { readonly [Each in Name]: number }, names, option);
    for (const name of names) {
      const [minimum, maximum] = bounds[name];
      integer(minimum, maximum)(given[name], `${option}.${name}`);
    }
    return Object.freeze(given);
  };
}

/** Copies a list, of which each item is read by a rule. */
export function listOf<Item>(
  value: unknown,
  option: string,
  expected: string,
  read: (item: unknown, index: number) => Item,
): readonly Item[] {
  if (!Array.isArray(value)) throw wrongType(option, expected, value);
  return Object.freeze(Array.from(value as readonly unknown[], (item, index) => read(item, index)));
}

/** Copies a byte string, so that nothing changes when the caller or another thread writes into it later. */
export function bytes(value: unknown, option: string, expected = 'Uint8Array'): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrongType(option, expected, value);
  return new Uint8Array(value);
}

/** Reads text, or copies bytes. */
export function textOrBytes(value: unknown, option: string, expected: string): string | Uint8Array {
  return typeof value === 'string' ? value : bytes(value, option, expected);
}

/** Reads what a file may hold: text, PEM in bytes, which becomes text, or DER, which is copied. */
export function fileContents(value: unknown, option: string, expected: string): string | Uint8Array {
  return pemOrDer(textOrBytes(value, option, expected));
}

/** Reads an array of byte strings whose lengths are within bounds, both included. */
export function byteStrings(minimum: number, maximum: number): OptionRule<readonly Uint8Array[]> {
  return (value, option) =>
    listOf(value, option, 'an array of Uint8Array', (item) => {
      const copy = bytes(item, option, 'an array of Uint8Array');
      if (copy.length >= minimum && copy.length <= maximum) return copy;
      throw badValue(option, `expected ${minimum} to ${maximum} bytes, got ${copy.length}`);
    });
}

/** Reads a list of at least one object identifier in dotted form, of which none stands twice. */
export function objectIdentifiers(value: unknown, option: string): readonly string[] {
  const expected = 'an array of object identifiers in dotted form';
  const identifiers = listOf(value, option, expected, (each) => {
    if (typeof each !== 'string') throw wrongType(option, expected, each);
    if (!objectIdentifier.test(each)) throw badValue(option, `expected ${expected}, got ${JSON.stringify(each)}`);
    return each;
  });
  if (identifiers.length === 0) throw badValue(option, 'expected at least one object identifier');
  return distinct(identifiers, option);
}

const objectIdentifier = /^[0-2](?:\.(?:0|[1-9]\d*))+$/;

/** Reads an array of words, of which none stands twice. */
export function someOf<const Word extends string>(...allowed: readonly Word[]): OptionRule<readonly Word[]> {
  return (value, option, capabilities, backendName) => {
    const words = listOf(value, option, 'an array of strings', (word) =>
      oneOf(...allowed)(word, option, capabilities, backendName),
    );
    return distinct(words, option);
  };
}

/** Reads a list of IANA names, each of which the backend must know and none of which stands twice. */
export function namesFrom(table: 'cipherSuites' | 'groups' | 'signatureSchemes'): OptionRule<readonly string[]> {
  return (value, option, capabilities, backendName) => {
    const known = capabilities[table];
    const names = listOf(value, option, 'an array of IANA names', (name) => {
      if (typeof name !== 'string') throw wrongType(option, 'an array of IANA names', name);
      if (!known.includes(name)) throw unsupported(option, backendName, `${name} is not among ${known.join(', ')}`);
      return name;
    });
    return distinct(names, option);
  };
}

function distinct<Word>(words: readonly Word[], option: string): readonly Word[] {
  if (words.length === 0) throw badValue(option, 'the list is empty');
  if (new Set(words).size !== words.length) throw badValue(option, 'a name stands twice');
  return words;
}
