import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AlertDescription } from '@org/tls-core';
import {
  cipherSuiteNumbers,
  namedGroupNumbers,
  nameOf,
  signatureSchemeNumbers,
  type Registry,
} from '@org/tls-core/backend';

/** The tables of each platform in C++ beside the registry of numbers: neither knows what the other lacks, but for what is named here. */
const registries = { kSuites: cipherSuiteNumbers, kGroups: namedGroupNumbers, kSchemes: signatureSchemeNumbers };
type Table = keyof typeof registries;

/** Why a platform's table has no row for these names. */
interface Gap {
  readonly table: Table;
  readonly names: RegExp;
  readonly reason: string;
}

const drafts: readonly Gap[] = [
  { table: 'kGroups', names: /^MLKEM1024$/, reason: 'pure ML-KEM is a draft, and tls-pure alone has it' },
  { table: 'kSchemes', names: /^mldsa/, reason: 'ML-DSA is a draft, and tls-pure alone has it' },
];

const platforms: Readonly<Record<string, readonly Gap[]>> = {
  openssl: drafts,
  schannel: [
    ...drafts,
    { table: 'kGroups', names: /^secp521r1$/, reason: 'it is off by default, and the list cannot be asked for' },
    { table: 'kGroups', names: /MLKEM768$|SecP384r1MLKEM1024/, reason: 'the system has no ML-KEM in TLS' },
    { table: 'kSchemes', names: /^ed25519$/, reason: 'the system has no EdDSA in TLS' },
    { table: 'kSchemes', names: /^rsa_pss_pss_/, reason: 'the system has no keys that are bound to PSS' },
  ],
  'secure-transport': [
    ...drafts,
    { table: 'kSuites', names: /^TLS_(AES|CHACHA20)_/, reason: 'the library has TLS 1.2 only' },
    {
      table: 'kGroups',
      names: /^x25519$|MLKEM768$|SecP384r1MLKEM1024/,
      reason: 'the library has the curves of NIST only',
    },
    { table: 'kSchemes', names: /^ed25519$|^rsa_pss_/, reason: 'the library has neither EdDSA nor PSS' },
  ],
};

describe.each(Object.entries(platforms))('the tables of %s', (folder, gaps) => {
  const source = readFileSync(join(import.meta.dirname, '..', 'native', folder, 'registry.cc'), 'utf8');

  it.each(Object.entries(registries))('%s has the registered numbers, each once', (table, registry) => {
    const numbers = rowsOf(source, table).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    const missing = Object.keys(registry).filter((name) => !numbers.includes(numberIn(registry, name)));
    const allowed = gaps.filter((gap) => gap.table === table);
    expect(missing.filter((name) => !allowed.some(({ names }) => names.test(name)))).toEqual([]);
    expect(numbers.filter((number) => nameOf(registry, number) === undefined)).toEqual([]);
    const stale = allowed.filter(({ names }) => !missing.some((name) => names.test(name)));
    expect(stale).toEqual([]);
  });

  it.each(Object.entries(registries))(
    '%s calls an algorithm by the registered name, or by one of its own',
    (table, registry) => {
      for (const { number, name } of rowsOf(source, table)) {
        if (name === undefined || !Object.hasOwn(registry, name)) continue;
        expect(name).toBe(nameOf(registry, number));
      }
    },
  );
});

function numberIn(registry: Registry, name: string): number {
  return registry[name] ?? Number.NaN;
}

interface Row {
  readonly number: number;
  /** `undefined` where the table has numbers only. */
  readonly name: string | undefined;
}

/** The rows of one table: its numbers, or what stands first in each row's braces. */
function rowsOf(source: string, table: string): readonly Row[] {
  const [, body] = new RegExp(`constexpr \\w+ ${table}\\[\\] = \\{(.*?)\\};\n`, 's').exec(source) ?? [];
  if (body === undefined) throw new Error(`there is no table ${table}`);
  const rows = body.includes('{') ? [...body.matchAll(/\{(\w+), (?:u?"([\w-]+)")?/g)] : [...body.matchAll(/(\w+)()/g)];
  return rows.map(([, number, name]) => ({ number: Number(number), name: name === '' ? undefined : name }));
}

it('C++ calls the numbers of alerts by the names of tls-core', () => {
  const header = readFileSync(join(import.meta.dirname, '..', 'native', 'protocol.hh'), 'utf8');
  const [, body = ''] = /^namespace alert \{(.*?)^\}/ms.exec(header) ?? [];
  const alerts = Array.from(body.matchAll(/k(\w+) = (\d+);/g), ([, name = '', number]) => [
    `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`,
    Number(number),
  ]);
  expect(alerts).not.toEqual([]);
  expect(AlertDescription).toMatchObject(Object.fromEntries(alerts));
});
