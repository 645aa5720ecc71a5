import { createBackend } from '@org/tls-pure';
import { nativeCrypto } from '@org/tls-native/crypto';
import { describe, expect, it } from 'vitest';
import { cases } from '../src/cases.ts';
import { planOf, type ConformanceOptions } from '../src/plan.ts';

/**
 * The kinds of cases in which much goes through the crypto provider. What the others are about does not know which provider there is; they run over
 * node:crypto and over noble.
 */
const kinds = [
  'data',
  'early-data',
  'ech',
  'exporter',
  'handshake',
  'key-share',
  'key-update',
  'record',
  'record-size',
  'resumption',
  'tls-1.2',
  'truncation',
];
const kindOf = (id: string): string => id.slice(0, id.indexOf('/'));
const chosen = cases.filter(({ id }) => kinds.includes(kindOf(id)));

const native = () => createBackend({ crypto: nativeCrypto });
const node = () => createBackend();

it('there are cases of every kind that is chosen', () => {
  expect(kinds.filter((kind) => !chosen.some(({ id }) => kindOf(id) === kind))).toEqual([]);
});

const pairs: readonly (readonly [string, ConformanceOptions])[] = [
  ['pure over nativeCrypto as client, over node:crypto as server', { client: native, server: node }],
  ['pure over node:crypto as client, over nativeCrypto as server', { client: node, server: native }],
];
const planned = await Promise.all(
  pairs.map(async ([title, options]) => [title, await planOf(chosen, options)] as const),
);

describe.each(planned)('%s', (_title, plan) => {
  // oxlint-disable-next-line vitest/expect-expect -- cases expect by themselves
  it.each(plan.map((each) => [each.id, each] as const))('%s', (_id, each) => each.run());
});
