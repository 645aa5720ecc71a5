import { classicalNobleCrypto } from '@org/tls-crypto/noble/classical';
import { createBackend } from '@org/tls-pure';
import { createClientBackend } from '@org/tls-pure/client';
import { expect, test } from 'vitest';
import { cases } from '../src/cases.ts';
import { planOf } from '../src/plan.ts';

/** What depends on how a client is put together. All else is the code of `pure.test.ts` and `noble.test.ts`. */
const groups = [
  'alpn',
  'capability',
  'certificate',
  'client-authentication',
  'ech',
  'exporter',
  'external-psk',
  'handshake',
  'key-share',
  'misbehaving-server',
  'ocsp',
  'option',
  'reserved-value',
  'resumption',
  'revocation',
  'tls-1.2',
  'tls-1.3',
];

const planned = await planOf(
  cases.filter(({ id }) => groups.includes(id.split('/')[0] ?? '')),
  {
    client: () => createClientBackend({ crypto: classicalNobleCrypto }),
    server: () => createBackend(),
  },
);

test.each(planned.map((each) => [each.id, each] as const))('a client alone over noble: %s', async (_, each) => {
  await expect(Promise.resolve(each.run())).resolves.toBeUndefined();
});

test('the kit asks a client alone for the Encrypted Client Hello that it lacks', () => {
  const ids = planned.map(({ id }) => id);
  for (const option of ['engine-echConfigList', 'engine-unusableEchConfigs'])
    expect(
      ids.some((id) => id.includes(option)),
      option,
    ).toBe(true);
});
