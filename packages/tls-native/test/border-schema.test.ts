import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryOptionNames } from '../src/border/platforms.ts';

/**
 * What crosses the border between TypeScript and C++ is described twice: by the types of src/border/addon.ts and by the keys that C++ reads
 * and writes. Both are read here as text, and neither may have a key that the other lacks, nor call one optional that the other does not.
 */
const folder = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const types = read('src/border/addon.ts');
const addon = read('native/addon/addon.cc');
const results = read('native/addon/results.cc');
const provider = read('native/provider.hh');

/** The fields of a type; those that may be absent end in a question mark. */
type Schema = ReadonlySet<string>;

/** By each type that C++ writes, what its function in results.cc takes. */
const written: Readonly<Record<string, string>> = {
  NativeLibrary: 'const Provider& library',
  SystemPolicy: 'const Policy& policy',
  CredentialFacts: 'const Credential& credential',
  NativeFault: 'const Fault& fault',
  Outcome: 'const Outcome& outcome',
  NativeSession: 'const Session& session',
  Facts: 'const ConnectionFacts& facts',
};

it.each(['ContextOptions extends LibraryOptions', 'PreSharedKey', 'NativeEngineOptions', 'Answer'])(
  'C++ reads what a %s holds',
  (type) => {
    expect(readIn(addon, type)).toEqual(fieldsOf(types, type));
  },
);

it.each(Object.keys(written))('C++ writes what a %s holds', (type) => {
  expect(writtenIn(results, type)).toEqual(fieldsOf(types, type));
});

it('C++ reads the options that cross as they are, and defines each', () => {
  const body = bodyOf(provider, 'struct LibraryOptions {');
  expect(namesIn(body.matchAll(/given->\w+\("(\w+)"/g))).toEqual(new Set<string>(libraryOptionNames));
  expect(readerOf(addon, 'ContextOptions')).toContain('options.Read(&given);');
});

it('C++ asks the questions that TypeScript knows, with the same parts', () => {
  expect(questionsIn(provider)).toEqual(questionsOf(types));
  expect(questionsIn(provider)).toContain('earlyData: identifier maxEarlyData');
});

it('C++ exports the functions of the addon', () => {
  const exported = addon.matchAll(/exports\.Set\("(\w+)"/g);
  const declared = bodyOf(types, 'export interface Addon {').matchAll(/^ {2}(\w+)\(/gm);
  expect(namesIn(exported)).toEqual(namesIn(declared));
});

it('a key that one side renames is told by name', () => {
  const renamed = addon.replace('"askVerify"', '"askVerified"');
  const [ours, theirs] = [fieldsOf(types, 'ContextOptions extends LibraryOptions'), readIn(renamed, 'ContextOptions')];
  expect([...ours].filter((key) => !theirs.has(key))).toEqual(['askVerify']);
  expect([...theirs].filter((key) => !ours.has(key))).toEqual(['askVerified']);
  const optional = types.replace('readonly isRetry:', 'readonly isRetry?:');
  const facts = writtenIn(results, 'Facts');
  expect([...fieldsOf(optional, 'Facts')].filter((key) => !facts.has(key))).toEqual(['isRetry?']);
});

function fieldsOf(source: string, type: string): Schema {
  const body = bodyOf(source, `export interface ${type} {`);
  return namesIn(body.matchAll(/^ {2}readonly (\w+\??):/gm));
}

/** The function that reads an object of a type. */
function readerOf(source: string, type: string): string {
  return bodyOf(source, `Fields given(value, "${type.replace(/ extends .*/, '')}");`);
}

/** What a reader of `Fields` asks for. */
function readIn(source: string, type: string): Schema {
  const body = readerOf(source, type);
  expect(body).toContain('given.End();');
  const required = body.matchAll(/given\.(?!Maybe)\w+\("(\w+)"/g);
  const optional = body.matchAll(/given\.Maybe\("(\w+)"/g);
  return new Set([...namesIn(required), ...Array.from(namesIn(optional), (name) => `${name}?`)]);
}

/** What is set behind a condition may be absent. */
function writtenIn(source: string, type: string): Schema {
  const body = bodyOf(source, `Napi::Object ToObject(Napi::Env env, ${written[type]}) {`);
  const lines = body.split('\n').flatMap((line) => {
    const [, indent = '', condition, key] = /^( +)(if .*)?object\.Set\("(\w+)"/.exec(line) ?? [];
    if (key === undefined) return [];
    return [condition !== undefined || indent.length > 2 ? `${key}?` : key];
  });
  return new Set(lines);
}

/** Each kind with its parts, as `kind: part part`. */
function questionsIn(source: string): Schema {
  const body = bodyOf(source, 'struct Question {');
  return new Set(
    Array.from(body.matchAll(/return \{"(\w+)",\s*(\{.*?)\};\n/gs), ([, kind, parts = '']) =>
      [`${kind}:`, ...Array.from(parts.matchAll(/\{"(\w+)",/g), ([, part]) => part)].join(' '),
    ),
  );
}

function questionsOf(source: string): Schema {
  const body = bodyOf(source, 'export type Question =');
  return new Set(
    Array.from(body.matchAll(/readonly kind: '(\w+)';(.*?)\}/gs), ([, kind, parts = '']) =>
      [`${kind}:`, ...Array.from(parts.matchAll(/readonly (\w+):/g), ([, part]) => part)].join(' '),
    ),
  );
}

/** From behind a line to the end of its block, which alone stands at the left border. */
function bodyOf(source: string, line: string): string {
  const [before, body, ...more] = source.split(line);
  if (before === undefined || body === undefined || more.length > 0) throw new Error(`expected once: ${line}`);
  const end = /^(?:\}|export )/m.exec(body);
  return body.slice(0, end?.index);
}

function namesIn(matches: Iterable<RegExpExecArray>): Schema {
  return new Set(Array.from(matches, ([, name = '']) => name));
}
