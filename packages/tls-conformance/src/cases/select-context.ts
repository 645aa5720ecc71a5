import type { ClientHelloInfo } from '@org/tls-core';
import { bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { byteByByte, identityFor } from '../memory-pair.ts';

const applies = ({ server }: Roles): boolean => server.capabilities.server.options.includes('selectContext');

/** Cases of a server that chooses another configuration by the ClientHello. */
export const selectContextCases: readonly ConformanceCase[] = [
  {
    id: 'select-context/chosen',
    title: 'selectContext sees the ClientHello, and everything is then as the chosen context says',
    applies,
    run: async (roles) => {
      for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
        if (!bothSpeak(protocol)(roles)) continue;
        for (const wire of [undefined, byteByByte]) {
          const seen: ClientHelloInfo[] = [];
          const other = roles.server.createServerContext({
            identity: identityFor(roles, 'wildcard'),
            alpnProtocols: ['other'],
            ...only(protocol),
          });
          const selectContext = (hello: ClientHelloInfo) => {
            seen.push(hello);
            return hello.serverName === 'www.example.test' ? other : undefined;
          };
          const peers = new Peers(roles, {
            client: { alpnProtocols: ['this', 'other'] },
            server: { selectContext, alpnProtocols: ['this'] },
          });
          const chosen = await peers.open({ serverName: 'www.example.test' }, wire);
          expectInfo(chosen, { alpnProtocol: 'other', protocol });
          await expectData(chosen);
          expectInfo(await peers.open({}, wire), { alpnProtocol: 'this' });
          expect(seen.map(({ serverName }) => serverName)).toEqual(['www.example.test', 'localhost']);
          expect(seen[0]?.alpnProtocols).toEqual(['this', 'other']);
        }
      }
    },
  },
  {
    id: 'select-context/foreign',
    title: 'a context that this backend did not make cannot be chosen',
    applies,
    run: async (roles) => {
      const foreign = { role: 'server', backend: roles.server, createEngine: () => undefined };
      const pair = await new Peers(roles, { server: { selectContext: () => foreign as never } }).run();
      expect(pair.serverSink.info).toBeUndefined();
      expect(pair.serverSink.failure).toMatchObject({ direction: 'sent', alert: 80 });
    },
  },
];
