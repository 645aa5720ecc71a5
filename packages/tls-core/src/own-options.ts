import { wrongType } from './option-error.ts';

/**
 * Reads an object of options once, into one with an empty prototype: what is checked is what is used, whatever becomes of the given object,
 * and nothing that stands in `Object.prototype` is an option. A known option that is `undefined` is absent.
 * @param known the names of all options
 * @param where what stands before an option's name in an error, e.g. `identity`
 * @throws TypeError when it is no object, on an unknown option, and on a known one that is inherited: a class's method or a default in a
 *   prototype would otherwise be passed over in silence
 */
export function ownOptions<Options extends object>(
  given: Options,
  known: readonly (keyof Options & string)[],
  where = '',
): Options {
  const { taken, rest } = splitOptions(given, known, where);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new TypeError(`unknown option \`${pathOf(where)}${unknown}\`; known: ${known.join(', ')}`);
  return taken as Options;
}

/** Gives the names of all options of a type, from a table with a row for each. A missing or a surplus row does not compile. */
export function optionNames<Options extends object>(
  table: Readonly<Record<keyof Options & string, unknown>>,
): readonly (keyof Options & string)[] {
  return Object.keys(table) as (keyof Options & string)[];
}

/** As `ownOptions`, of a record that may hold more, as what a generator of keys gives. */
export function ownFields<Fields extends object>(
  given: Fields,
  names: readonly (keyof Fields & string)[],
  where: string,
): Fields {
  return splitOptions(given, names, where).taken as Fields;
}

/**
 * Takes some options out of an object whose others somebody else checks. What is left has the object's prototype, so that an option that is
 * inherited is seen there.
 * @throws TypeError when it is no object, or inherits one of them
 */
export function splitOptions<Options extends object, Name extends keyof Options & string>(
  given: Options,
  names: readonly Name[],
  where = '',
): { readonly taken: { readonly [Each in Name]?: unknown }; readonly rest: Omit<Options, Name> } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrongType(where === '' ? 'options' : where, 'an object', given);
  const taken = bareCopy<Record<string, unknown>>({});
  const rest = Object.create(Object.getPrototypeOf(given) as object | null) as Omit<Options, Name>;
  for (const name of Reflect.ownKeys(given)) {
    const value: unknown = given[name as keyof Options];
    const isTaken = (names as readonly (string | symbol)[]).includes(name);
    if (!isTaken) Object.defineProperty(rest, name, { value, enumerable: true });
    else if (value !== undefined) taken[name as Name] = value;
  }
  const above = ancestors(given);
  const inherited = names.find(
    (name) => above.some((each) => Object.hasOwn(each, name)) && !Object.hasOwn(given, name),
  );
  if (inherited !== undefined)
    throw new TypeError(`${pathOf(where)}${inherited}: expected an option of the object’s own, got an inherited one`);
  return { taken: taken as { readonly [Each in Name]?: unknown }, rest };
}

function pathOf(where: string): string {
  return where === '' ? '' : `${where}.`;
}

/**
 * Stands in the place of `Object.prototype`: nothing is in it, and nothing can be put there. An object whose prototype is `null` is a hash
 * table to V8, and when it is frozen a class of its own, so that no code that reads it stays fast.
 */
const nothing: object = Object.freeze(Object.create(null) as object);

/** A copy with an empty prototype: a field that is absent is absent, and is not looked for elsewhere. */
export function bareCopy<Fields extends object>(fields: Fields): Fields {
  return Object.assign(Object.create(nothing) as object, fields);
}

/** As `bareCopy`, frozen. */
export function frozenCopy<Fields extends object>(fields: Fields): Fields {
  return Object.freeze(bareCopy(fields));
}

/** As `frozenCopy`, with further fields, which take the place of those that have their names. */
export function frozenCopyWith<Fields extends object, More extends object>(
  fields: Fields,
  more: More,
): Omit<Fields, keyof More> & More {
  return Object.freeze(Object.assign(bareCopy(fields), more));
}

/**
 * A property of an object or of the class that it is made of, but not of `Object.prototype`: for hooks that are objects, whose methods stand
 * in a class.
 */
export function propertyOf(given: unknown, name: string): unknown {
  if (typeof given !== 'object' || given === null) return undefined;
  const hasIt = Object.hasOwn(given, name) || ancestors(given).some((each) => Object.hasOwn(each, name));
  return hasIt ? (given as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** The prototypes of an object, without the one that all objects have. */
function ancestors(given: object): readonly object[] {
  const prototype: unknown = Object.getPrototypeOf(given);
  if (typeof prototype !== 'object' || prototype === null || isRoot(prototype)) return [];
  return [prototype, ...ancestors(prototype)];
}

/** `Object.prototype` of any realm, or what we have in its place. */
function isRoot(prototype: object): boolean {
  if (prototype === nothing) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty');
}
