import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { MemoryPair } from '../memory-pair.ts';
import { handshake } from './handshake.ts';

/** Application-layer protocol negotiation (RFC 7301). */
export const alpnCases: readonly ConformanceCase[] = [
  {
    id: 'alpn/chosen',
    title: 'RFC 7301 §3.2 the server’s first protocol that the client offers is chosen',
    run: async (roles) => {
      const pair = await handshake(roles, {
        client: { alpnProtocols: ['a', 'b', 'c'] },
        server: { alpnProtocols: ['x', 'c', 'b'] },
      });
      expect(pair.clientSink.info?.alpnProtocol).toBe('c');
    },
  },
  {
    id: 'alpn/bytes',
    title: 'RFC 7301 §6 a protocol name is bytes, of up to 255',
    run: async (roles) => {
      const protocol = new Uint8Array(255).fill(0xe9);
      const pair = await handshake(roles, {
        client: { alpnProtocols: [protocol] },
        server: { alpnProtocols: ['x', protocol] },
      });
      expect(pair.clientSink.info?.alpnProtocol).toBe('é'.repeat(255));
    },
  },
  {
    id: 'alpn/none-in-common',
    title: 'RFC 7301 §3.2 no protocol in common is refused with no_application_protocol',
    run: async (roles) => {
      const pair = new MemoryPair(roles, { client: { alpnProtocols: ['a'] }, server: { alpnProtocols: ['b'] } });
      await pair.settle();
      expect(pair.serverSink.failure).toMatchObject({
        code: 'ERR_TLS_NO_APPLICATION_PROTOCOL',
        alert: 120,
        direction: 'sent',
      });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 120, direction: 'received' });
    },
  },
  {
    id: 'alpn/one-sided',
    title: 'a side without protocols takes no part',
    run: async (roles) => {
      const offered = await handshake(roles, { client: { alpnProtocols: ['a'] } });
      expect(offered.clientSink.info?.alpnProtocol).toBeUndefined();
      const expected = await handshake(roles, { server: { alpnProtocols: ['a'] } });
      expect(expected.serverSink.info?.alpnProtocol).toBeUndefined();
    },
  },
];
