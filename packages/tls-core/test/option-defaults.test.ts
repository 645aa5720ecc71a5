import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { featuresAmong } from '../src/capabilities.ts';
import { checkClientConfig, clientDefaults, clientOptions } from '../src/client-config.ts';
import { commonDefaults } from '../src/common-config.ts';
import { checkServerConfig, serverDefaults, serverOptions } from '../src/server-config.ts';

const files = ['common-config.ts', 'client-config.ts', 'server-config.ts'];
const sources = files.map((file) => readFileSync(join(import.meta.dirname, '..', 'src', file), 'utf8'));

/** What the documentation of each option names as its default. */
const documented = new Map(
  sources.flatMap((source) =>
    Array.from(
      source.matchAll(/\/\*\*((?:(?!\*\/)[^])*?Default: (`[^`]+`|\w+)(?:(?!\*\/)[^])*)\*\/\s*readonly (\w+)\?:/g),
      ([, , value = '', option = '']) => [option, value] as const,
    ),
  ),
);

/** A default as documentation writes it. */
function written(value: unknown): string {
  if (typeof value === 'function') return '`Date.now`';
  if (typeof value === 'string') return `\`${value}\``;
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : `\`[${value.map((each) => `'${String(each)}'`).join(', ')}]\``;
}

it.each(Object.entries({ ...commonDefaults, ...clientDefaults, ...serverDefaults }))(
  'the default of `%s` is what its documentation says',
  (option, value) => {
    expect(documented.get(option)).toBe(written(value));
  },
);

it('every switch and every number that names a default is in the tables', () => {
  const literal = [...documented].filter(([, value]) => /^(?:true|false|\d+)$/.test(value));
  const tables: object = { ...clientDefaults, ...serverDefaults };
  expect(literal.length).toBeGreaterThan(10);
  expect(literal.filter(([option]) => !Object.hasOwn(tables, option))).toEqual([]);
});

const lists = { protocols: ['TLSv1.3'] as const, cipherSuites: [], groups: [], signatureSchemes: [] };
const role = { ...lists, features: featuresAmong([]) };
const capabilities = { client: { ...role, options: clientOptions }, server: { ...role, options: serverOptions } };
const backend = { name: 'test', capabilities };
const identity = { certificateChain: '-----BEGIN CERTIFICATE-----', privateKey: '-----BEGIN PRIVATE KEY-----' };

it('a checked configuration has them, and what was given in their place', () => {
  const client = checkClientConfig({ grease: false, trust: 'system' }, backend);
  expect({ ...client }).toEqual({ ...clientDefaults, grease: false, trust: 'system' });
  const server = checkServerConfig({ identity, tickets: 0, keyLog: true }, backend);
  expect({ ...server }).toMatchObject({ ...serverDefaults, tickets: 0, keyLog: true });
  for (const config of [client, server]) {
    expect(Object.isFrozen(config)).toBe(true);
    expect('toString' in config).toBe(false);
  }
});

it('the clock that counts is the one of the moment', () => {
  const { now } = Date;
  const { clock } = checkClientConfig({}, backend);
  try {
    Date.now = () => 7;
    expect(clock()).toBe(7);
  } finally {
    Date.now = now;
  }
});
