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
  'external-psk',
  'handshake',
  'identity',
  'key-share',
  'key-update',
  'mutated',
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

async function describeSample(title: string, options: ConformanceOptions): Promise<void> {
  const planned = await planOf(chosen, options);
  describe(title, () => {
    // oxlint-disable-next-line vitest/expect-expect -- cases expect by themselves
    it.each(planned.map((each) => [each.id, each] as const))('%s', (_id, each) => each.run());
  });
}

it('there are cases of every kind that is chosen', () => {
  expect(kinds.filter((kind) => !chosen.some(({ id }) => kindOf(id) === kind))).toEqual([]);
});
await describeSample('pure over nativeCrypto as client, over node:crypto as server', { client: native, server: node });
await describeSample('pure over node:crypto as client, over nativeCrypto as server', { client: node, server: native });
