import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { byName, first, inner, listOf, second, unusableLists } from '../ech-fixtures.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte, identityOf, join, MemoryPair, text } from '../memory-pair.ts';

const applies = (roles: Roles): boolean => bothSpeak('TLSv1.3')(roles) && bothHave('ech')(roles);
/** Bytes that are no ECHConfigList at all. */
const malformed = [new Uint8Array(0), Uint8Array.of(0, 0), text('no list'), listOf(first).subarray(0, -1)];

/** Cases of Encrypted Client Hello (RFC 9849). */
export const encryptedClientHelloCases: readonly ConformanceCase[] = [
  {
    id: 'ech/accepted',
    title: 'RFC 9849 §3 the name that is asked for is not seen on the way, and both sides know that ECH was accepted',
    applies,
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const peers = new Peers(roles, { server: { ...byName, echKeys: [first] } });
        const pair = new MemoryPair(roles, { serverName: inner, echConfigList: listOf(first) }, peers.contexts);
        const sent: Uint8Array[] = [];
        await pair.settle((batch, from) => {
          if (from === 'client') sent.push(batch);
          return wire === undefined ? [batch] : wire(batch);
        });
        expectInfo(pair, { ech: 'accepted', protocol: 'TLSv1.3', serverName: inner });
        const seen = new TextDecoder('latin1').decode(join(sent));
        expect(seen).toContain('localhost');
        expect(seen).not.toContain(inner);
        await expectData(pair);
      }
    },
  },
  {
    id: 'ech/retry',
    title: 'RFC 9849 §6.1.5 ECH is accepted across a HelloRetryRequest',
    applies,
    run: async (roles) => {
      const peers = new Peers(roles, {
        client: { groups: ['x25519', 'secp256r1'] },
        server: { ...byName, echKeys: [first], groups: ['secp256r1'] },
      });
      const pair = await peers.open({ serverName: inner, echConfigList: listOf(first) });
      expectInfo(pair, { ech: 'accepted', helloRetryRequest: true, serverName: inner });
    },
  },
  {
    id: 'ech/one-of-several',
    title: 'RFC 9849 §7.1 a server opens what was sealed for any of its keys',
    applies,
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, echKeys: [second, first] } });
      for (const key of [first, second]) {
        expectInfo(await peers.open({ serverName: inner, echConfigList: listOf(key) }), { ech: 'accepted' });
      }
    },
  },
  {
    id: 'ech/resumed',
    title: 'RFC 9849 §6.1.2 a session is resumed inside ECH',
    applies: (roles) => applies(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, echKeys: [first] } });
      const options = { serverName: inner, echConfigList: listOf(first) };
      const pair = await peers.open({ ...options, session: await peers.session(options) });
      expectInfo(pair, { ech: 'accepted', resumed: true });
    },
  },
  {
    id: 'ech/rejected',
    title: 'RFC 9849 §6.1.6 a client that was rejected fails with the configs to try again with, which then work',
    applies,
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, echKeys: [second] } });
      const rejected = await peers.run({ serverName: inner, echConfigList: listOf(first) });
      const { failure } = rejected.clientSink;
      expect(failure).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED', alert: 121, direction: 'sent' });
      expect(rejected.clientSink.info).toBeUndefined();
      expect(failure?.retryConfigs).toEqual(listOf(second));
      if (failure?.retryConfigs === undefined) return;
      const again = await peers.open({ serverName: inner, echConfigList: failure.retryConfigs });
      expectInfo(again, { ech: 'accepted' });
    },
  },
  {
    id: 'ech/rejected-no-retry',
    title: 'RFC 9849 §6.1.6 a server without keys, or whose keys are not for trying again, gives no configs',
    applies,
    run: async (roles) => {
      for (const server of [byName, { ...byName, echKeys: [{ ...second, isRetryConfig: false }] }]) {
        const pair = await new Peers(roles, { server }).run({ serverName: inner, echConfigList: listOf(first) });
        expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED', direction: 'sent' });
        expect(pair.clientSink.failure?.retryConfigs).toBeUndefined();
      }
    },
  },
  {
    id: 'ech/rejected-unproven',
    title: 'RFC 9849 §6.1.7 who cannot prove the public name cannot reject: that is a certificate error',
    applies,
    run: async (roles) => {
      const peers = new Peers(roles, { certificate: 'wildcard' });
      const pair = await peers.run({ serverName: inner, echConfigList: listOf(first) });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME', direction: 'sent' });
      expect(pair.clientSink.failure?.retryConfigs).toBeUndefined();
    },
  },
  {
    id: 'ech/rejected-identity',
    title: 'RFC 9849 §6.1.7 a client shows its certificate to no server that rejects it',
    applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
    run: async (roles) => {
      const asking = { clientAuthentication: 'request', clientTrust: rootPem } as const;
      const peers = new Peers(roles, {
        client: { identity: identityOf('wrongPurpose') },
        server: { ...byName, ...asking, echKeys: [second] },
      });
      const { clientSink, serverSink } = await peers.run({ serverName: inner, echConfigList: listOf(first) });
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED' });
      expect(serverSink.info).toMatchObject({ clientAuthentication: 'requested', peer: undefined });
    },
  },
  {
    id: 'ech/tls-1.2',
    title: 'RFC 9849 §6.1 a server of TLS 1.2 is a rejection: there is no connection in the clear',
    applies: (roles) => applies(roles) && bothSpeak('TLSv1.2')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, maxVersion: 'TLSv1.2' } });
      const pair = await peers.run({ serverName: inner, echConfigList: listOf(first) });
      expect(pair.clientSink.info).toBeUndefined();
      expect(pair.clientSink.failure?.direction).toBe('sent');
    },
  },
  {
    id: 'ech/grease',
    title: 'RFC 9849 §6.2 a decoy harms nothing, with a server that has keys and one that has none',
    applies: (roles) => applies(roles) && roles.client.capabilities.client.options.includes('echGrease'),
    run: async (roles) => {
      for (const server of [{}, { echKeys: [first] }]) {
        for (const groups of [['x25519'], ['secp256r1']]) {
          const pair = await new Peers(roles, {
            client: { ...only('TLSv1.3'), echGrease: true, groups: ['x25519', 'secp256r1'] },
            server: { ...server, groups },
          }).open();
          expect(pair.clientSink.info?.ech).toBe('grease');
          // The server cannot tell a decoy from an offer for keys that it does not have.
          expect(pair.serverSink.info?.ech).not.toBe('accepted');
        }
      }
    },
  },
  {
    id: 'ech/not-offered',
    title: 'a server with keys serves clients that do not use them',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, { server: { echKeys: [first] } }).open();
      expectInfo(pair, { ech: 'none' });
    },
  },
  {
    id: 'ech/early-data',
    title: 'early data goes with ECH',
    applies: (roles) => applies(roles) && bothHave('earlyData')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, echKeys: [first], maxEarlyData: 100 } });
      const options = { serverName: inner, echConfigList: listOf(first) };
      const session = await peers.session(options);
      const pair = await peers.open({
        ...options,
        session,
        earlyData: true,
        takesEarlyData: true,
        clientSends: text('early'),
      });
      expectInfo(pair, { ech: 'accepted', earlyData: 'accepted' });
      expect(pair.serverSink.earlyText).toBe('early');
    },
  },
  {
    id: 'ech/config',
    title: 'an ECHConfigList that is none, or holds nothing that can be used, is refused: nothing is sent in the clear',
    applies: ({ client }) => client.capabilities.client.features.ech,
    run: (roles) => {
      const refused = expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'echConfigList' });
      for (const echConfigList of malformed) {
        expect(() => new MemoryPair(roles, { echConfigList })).toThrow(refused);
        expect(() => new MemoryPair(roles, { echConfigList, unusableEchConfigs: 'ignore' })).toThrow(refused);
      }
      for (const [reason, echConfigList] of Object.entries(unusableLists)) {
        expect(() => new MemoryPair(roles, { echConfigList }), reason).toThrow(refused);
        expect(() => new MemoryPair(roles, { echConfigList, unusableEchConfigs: 'refuse' }), reason).toThrow(refused);
      }
      const echConfigList = listOf(first);
      expect(() => new MemoryPair(roles, { echConfigList, unusableEchConfigs: 'no' as never })).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'unusableEchConfigs' }),
      );
      expect(() => new MemoryPair(roles, { echConfigList, unusableEchConfigs: true as never })).toThrow(TypeError);
      expect(
        () => new MemoryPair(roles, { client: { maxVersion: 'TLSv1.2' }, echConfigList, unusableEchConfigs: 'ignore' }),
      ).toThrow(refused);
    },
  },
  {
    id: 'ech/unusable-ignored',
    title: 'RFC 9849 §6.1 a client goes on without ECH where nothing of the list can be used and it was told so',
    applies,
    run: async (roles) => {
      for (const [reason, echConfigList] of Object.entries(unusableLists)) {
        for (const echGrease of [false, true]) {
          const client = { ...only('TLSv1.3'), echGrease };
          const peers = new Peers(roles, { client, server: { ...byName, echKeys: [first] } });
          const pair = await peers.open({ serverName: inner, echConfigList, unusableEchConfigs: 'ignore' });
          expect(pair.clientSink.info?.ech, reason).toBe(echGrease ? 'grease' : 'none');
          expectInfo(pair, { serverName: inner });
        }
      }
    },
  },
  {
    id: 'ech/unusable-passed-over',
    title:
      'RFC 9849 §4 a config that cannot be used is passed over for one behind it that can, whatever the client was told',
    applies,
    run: async (roles) => {
      const peers = new Peers(roles, { server: { ...byName, echKeys: [first] } });
      for (const list of Object.values(unusableLists)) {
        const configs = join([list.subarray(2), first.config]);
        const echConfigList = Uint8Array.of(configs.length >>> 8, configs.length, ...configs);
        for (const unusableEchConfigs of ['refuse', 'ignore'] as const) {
          const pair = await peers.open({ serverName: inner, echConfigList, unusableEchConfigs });
          expectInfo(pair, { ech: 'accepted' });
        }
      }
    },
  },
  {
    id: 'ech/server-key',
    title: 'an ECH key that does not fit its config is refused when the context is made',
    applies: ({ server }) => server.capabilities.server.features.ech,
    run: ({ server }) => {
      for (const wrong of [
        { ...first, privateKey: second.privateKey },
        { ...first, privateKey: new Uint8Array(31) },
        { ...first, config: first.config.subarray(0, -1) },
      ]) {
        expect(() => server.createServerContext({ identity: identityOf('ecdsa-p256'), echKeys: [wrong] })).toThrow(
          expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'echKeys' }),
        );
      }
    },
  },
];
