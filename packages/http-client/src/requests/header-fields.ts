import type { Dispatcher } from 'undici';

/** The fields of a request by their names in lower case. */
export type HeaderFields = Record<string, string | readonly string[]>;

/** Reads a request's headers from any of the forms that undici takes: pairs, a list of names and values in turn, an object. */
export function headerFields(headers: Dispatcher.DispatchOptions['headers']): HeaderFields {
  const fields: HeaderFields = Object.create(null) as HeaderFields;
  for (const [name, value] of pairs(headers ?? {})) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const before = fields[key];
    fields[key] = before === undefined ? asText(value) : [before, asText(value)].flat();
  }
  return fields;
}

/** Tells whether a request’s headers have one of some fields, whose names are in lower case. */
export function hasField(headers: Dispatcher.DispatchOptions['headers'], names: readonly string[]): boolean {
  if (headers === undefined || headers === null) return false;
  const given = isPlain(headers) ? Object.keys(headers) : Object.keys(headerFields(headers));
  return given.some((name) => names.includes(name.toLowerCase()));
}

/** Adds a field that is not there. */
export function withField(
  headers: Dispatcher.DispatchOptions['headers'],
  name: string,
  value: string,
): NonNullable<Dispatcher.DispatchOptions['headers']> {
  if (headers === undefined || headers === null) return { [name]: value };
  const given = isPlain(headers) ? headers : asDispatchHeaders(headerFields(headers));
  return { ...given, [name]: value };
}

/** Gives one value of a field, the lines of a repeated one joined (RFC 9110 §5.3). */
export function fieldValue(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Gives the form that undici takes in any place: an object whose values are its own. */
export function asDispatchHeaders(fields: HeaderFields): Record<string, string | string[]> {
  const headers: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(fields))
    headers.push([name, typeof value === 'string' ? value : [...value]]);
  return Object.fromEntries(headers);
}

type NamedHeaders = Exclude<NonNullable<Dispatcher.DispatchOptions['headers']>, Iterable<unknown>>;

function isPlain(headers: Dispatcher.DispatchOptions['headers']): headers is NamedHeaders {
  return headers !== undefined && headers !== null && !(Symbol.iterator in headers);
}

type Pair = readonly [name: string, value: unknown];

function pairs(headers: NonNullable<Dispatcher.DispatchOptions['headers']>): readonly Pair[] {
  if (isPlain(headers)) return Object.entries(headers);
  const items = [...(headers as Iterable<unknown>)];
  if (typeof items[0] !== 'string') return items as readonly Pair[];
  const list: Pair[] = [];
  for (let index = 0; index < items.length; index += 2) list.push([String(items[index]), items[index + 1]]);
  return list;
}

function asText(value: unknown): string | readonly string[] {
  return Array.isArray(value) ? value.map(String) : String(value);
}
