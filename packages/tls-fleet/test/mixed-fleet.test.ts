import { randomBytes } from 'node:crypto';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { describe, expect, it } from 'vitest';
import { derivedTicketKeys } from '../src/index.ts';
import { exchange, serverOf, trust } from './support/exchange.ts';

const backends = { pure: createPure(), native: createNative() } as const;
const ticketKeys = derivedTicketKeys({ secret: randomBytes(32) });
const replayGuard = { firstUse: () => true };

describe.each(['TLSv1.3', 'TLSv1.2'] as const)('a fleet of both backends, %s', (version) => {
  it.each([
    ['pure', 'native'],
    ['native', 'pure'],
  ] as const)(
    'a ticket of %s is left aside by %s: there is a full handshake, and then the session is the other one’s',
    async (made, asked) => {
      const config = { ticketKeys, replayGuard, maxEarlyData: 1000 };
      const [maker, other] = [made, asked].map((name) => serverOf(backends[name], config));
      if (maker === undefined || other === undefined) throw new Error('there are two servers');
      const client = backends.pure.createClientContext({ trust, minVersion: version, maxVersion: version });
      const { session } = await exchange(client, maker);
      const early = version === 'TLSv1.3' ? { early: 'GET /' } : {};
      const full = await exchange(client, other, { session, ...early });
      expect(full).toMatchObject({ info: { resumed: false, protocol: version }, early: '', warnings: [] });
      expect(await exchange(client, other, { session: full.session })).toMatchObject({ info: { resumed: true } });
    },
  );
});
