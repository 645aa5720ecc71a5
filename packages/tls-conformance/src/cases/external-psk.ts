import type { ExternalPsk, ServerConfig } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte, identityOf, text } from '../memory-pair.ts';

const applies = (roles: Roles): boolean => bothSpeak('TLSv1.3')(roles) && bothHave('externalPsk')(roles);
const imports = (roles: Roles): boolean => applies(roles) && bothHave('pskImporter')(roles);
const requires = (roles: Roles): boolean =>
  applies(roles) && roles.server.capabilities.server.options.includes('requirePsk');
const sharesTickets = ({ server }: Roles): boolean => server.capabilities.server.options.includes('ticketKeys');
const client = only('TLSv1.3');
const psk: ExternalPsk = { identity: text('device 1'), key: new Uint8Array(32).fill(7) };
const others: readonly ExternalPsk[] = [
  { identity: text('device 2'), key: new Uint8Array(16).fill(8) },
  { identity: text('device 3'), key: new Uint8Array(48).fill(9) },
];
/** Gives the options of a server that has external keys and nothing else. */
const keysOnly = (...externalPsks: readonly ExternalPsk[]): Partial<ServerConfig> =>
  ({ identity: undefined, externalPsks }) as never;

/** Cases of keys that were agreed on outside of TLS (RFC 8446 §4.2.11, RFC 9257, RFC 9258). */
export const externalPskCases: readonly ConformanceCase[] = [
  ...(
    [
      ['sha256', psk],
      ['sha384', { ...psk, hash: 'sha384' }],
      ['imported', { ...psk, importer: { context: text('to this server') } }],
      ['imported-sha384', { ...psk, hash: 'sha384', importer: { context: new Uint8Array(0) } }],
    ] as const satisfies readonly (readonly [string, ExternalPsk])[]
  ).map(([name, shared]): ConformanceCase => ({
    id: `external-psk/${name}`,
    title: `§4.2.11 a key that both sides have (${name}) stands for certificates, and both say which`,
    applies: 'importer' in shared ? imports : applies,
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const peers = new Peers(roles, {
          client: { ...client, externalPsks: [shared] },
          server: keysOnly(...others, shared),
        });
        const pair = await peers.open({}, wire);
        for (const { info } of [pair.clientSink, pair.serverSink]) {
          expect(info?.externalPskIdentity).toEqual(psk.identity);
          expect(info).toMatchObject({ resumed: false, signatureScheme: undefined, peer: undefined });
          expect(info?.group).toBeDefined();
        }
        await expectData(pair);
      }
    },
  })),
  {
    id: 'external-psk/each-suite',
    title: 'RFC 9258 §4.1 an imported key serves the suites of both hashes',
    applies: imports,
    run: async (roles) => {
      const shared = { ...psk, importer: { context: text('each') } };
      for (const cipherSuite of ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384']) {
        const pair = await new Peers(roles, {
          client: { ...client, externalPsks: [shared] },
          server: { ...keysOnly(shared), cipherSuites: [cipherSuite] },
        }).open();
        expectInfo(pair, { cipherSuite });
        expect(pair.clientSink.info?.externalPskIdentity).toEqual(psk.identity);
      }
    },
  },
  {
    id: 'external-psk/several',
    title: 'of several keys that a client offers the server uses one that it has',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, {
        client: { ...client, externalPsks: [...others, psk] },
        server: keysOnly(psk),
      }).open();
      expect(pair.serverSink.info?.externalPskIdentity).toEqual(psk.identity);
      expect(pair.clientSink.info?.externalPskIdentity).toEqual(psk.identity);
    },
  },
  {
    id: 'external-psk/fallback',
    title: 'a server that does not know the key, and has a certificate, proves itself with that',
    applies,
    run: async (roles) => {
      const imported = { ...psk, importer: { context: text('a') } };
      for (const [ofClient, ofServer] of [
        [[psk], []],
        [[psk], others],
        [[], [psk]],
        ...(imports(roles)
          ? ([
              [[imported], [psk]],
              [[imported], [{ ...psk, importer: { context: text('b') } }]],
            ] as const)
          : []),
      ] as const) {
        const pair = await new Peers(roles, {
          client: { ...client, externalPsks: ofClient },
          server: { externalPsks: ofServer },
        }).open();
        expectInfo(pair, { resumed: false, externalPskIdentity: undefined });
        expect(pair.clientSink.info?.peer?.chain).toHaveLength(1);
      }
    },
  },
  {
    id: 'external-psk/unknown',
    title: 'a server that has only keys, and not this one, refuses',
    applies,
    run: async (roles) => {
      for (const externalPsks of [others.slice(0, 1), []]) {
        const pair = await new Peers(roles, { client: { ...client, externalPsks }, server: keysOnly(psk) }).run();
        expect(pair.clientSink.info ?? pair.serverSink.info).toBeUndefined();
        expect(pair.serverSink.failure).toMatchObject({ direction: 'sent', family: 'peer-incompatible' });
        expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: pair.serverSink.failure?.alert });
      }
    },
  },
  {
    id: 'external-psk/wrong-key',
    title: '§4.2.11 a binder of another key aborts with decrypt_error',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, {
        client: { ...client, externalPsks: [{ ...psk, key: new Uint8Array(32).fill(6) }] },
        server: keysOnly(psk),
      }).run();
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_DECRYPT', alert: 51, direction: 'sent' });
      expect(pair.clientSink.info ?? pair.serverSink.info).toBeUndefined();
    },
  },
  {
    id: 'external-psk/retry',
    title: '§4.1.2 a key is offered again behind a HelloRetryRequest',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, {
        client: { ...client, externalPsks: [psk], groups: ['x25519', 'secp256r1'] },
        server: { ...keysOnly(psk), groups: ['secp256r1'] },
      }).open();
      expectInfo(pair, { helloRetryRequest: true });
      expect(pair.serverSink.info?.externalPskIdentity).toEqual(psk.identity);
    },
  },
  {
    id: 'external-psk/resumed',
    title: 'a connection with an external key gives sessions like any other',
    applies: (roles) => applies(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, { client: { ...client, externalPsks: [psk] }, server: keysOnly(psk) });
      const pair = await peers.open({ session: await peers.session() });
      expectInfo(pair, { resumed: true });
      await expectData(pair);
    },
  },
  {
    id: 'external-psk/required',
    title: '§6.2 a server that requires a key refuses whoever proves none by unknown_psk_identity, and has no TLS 1.2',
    applies: requires,
    run: async (roles) => {
      // The server has a certificate too, so that it is the missing key that ends the handshake.
      for (const server of [
        { externalPsks: [psk], requirePsk: true },
        { ...keysOnly(psk), requirePsk: true },
      ]) {
        for (const externalPsks of [[], others.slice(0, 1)]) {
          const pair = await new Peers(roles, { client: { ...client, externalPsks }, server }).run();
          expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_UNKNOWN_PSK', alert: 115, direction: 'sent' });
          expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 115, direction: 'received' });
          expect(pair.clientSink.info ?? pair.serverSink.info).toBeUndefined();
        }
        const pair = await new Peers(roles, { client: { ...client, externalPsks: [psk] }, server }).open();
        expect(pair.serverSink.info?.externalPskIdentity).toEqual(psk.identity);
        if (!bothSpeak('TLSv1.2')(roles)) continue;
        const old = await new Peers(roles, { client: only('TLSv1.2'), server }).run();
        expect(old.serverSink.failure).toMatchObject({ code: 'ERR_TLS_PROTOCOL_VERSION', alert: 70 });
      }
    },
  },
  {
    id: 'external-psk/required-retry',
    title: '§4.1.4 a key is required behind a HelloRetryRequest as well',
    applies: requires,
    run: async (roles) => {
      const server = { externalPsks: [psk], requirePsk: true, groups: ['secp256r1'] };
      const groups = ['x25519', 'secp256r1'];
      const refused = await new Peers(roles, { client: { ...client, groups }, server }).run();
      expect(refused.serverSink.failure).toMatchObject({ code: 'ERR_TLS_UNKNOWN_PSK', alert: 115 });
      const pair = await new Peers(roles, { client: { ...client, groups, externalPsks: [psk] }, server }).open();
      expectInfo(pair, { helloRetryRequest: true });
    },
  },
  {
    id: 'external-psk/required-resumed',
    title:
      'a server that requires a key resumes sessions that were made with one, and none that a certificate has made',
    applies: (roles) => requires(roles) && bothHave('resumption')(roles) && sharesTickets(roles),
    run: async (roles) => {
      const ticketKeys = {
        current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }],
      };
      const server = { externalPsks: [psk], ticketKeys };
      const withKey = new Peers(roles, {
        client: { ...client, externalPsks: [psk] },
        server: { ...server, requirePsk: true },
      });
      expectInfo(await withKey.open({ session: await withKey.session() }), { resumed: true });
      const byCertificate = new Peers(roles, { client, server });
      const session = await byCertificate.session();
      expectInfo(await byCertificate.open({ session }), { resumed: true });
      const strict = byCertificate.withServer({ server: { ...server, requirePsk: true } });
      const pair = await strict.run({ session: await byCertificate.session() });
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_UNKNOWN_PSK', alert: 115 });
    },
  },
  {
    id: 'external-psk/required-of-nobody',
    title: 'a server that could serve nobody is refused when its context is made',
    applies: requires,
    run: ({ server: backend }) => {
      const identity = identityOf('ecdsa-p256');
      const certificates = { clientAuthentication: 'require', clientTrust: rootPem } as const;
      for (const [config, option] of [
        [{ identity, requirePsk: true }, 'requirePsk'],
        [{ identity, requirePsk: true, externalPsks: [] }, 'requirePsk'],
        [{ identity, requirePsk: true, externalPsks: [psk], ...certificates }, 'requirePsk'],
        [{ identity, requirePsk: true, externalPsks: [psk], maxVersion: 'TLSv1.2' }, 'requirePsk'],
        [{ externalPsks: [psk], ...certificates }, 'identity'],
      ] as const) {
        expect(() => backend.createServerContext(config)).toThrow(
          expect.objectContaining({ code: 'ERR_TLS_CONFIG', option }),
        );
      }
    },
  },
  {
    id: 'external-psk/certificate-required',
    title: '§4.3.2 where a certificate is required no key is taken in its place',
    applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
    run: async (roles) => {
      const server: Partial<ServerConfig> = {
        externalPsks: [psk],
        clientAuthentication: 'require',
        clientTrust: rootPem,
      };
      const withKey = { ...client, externalPsks: [psk] };
      const refused = await new Peers(roles, { client: withKey, server }).run();
      expect(refused.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REQUIRED', alert: 116 });
      expect(refused.serverSink.info).toBeUndefined();
      const peers = new Peers(roles, { client: { ...withKey, identity: identityOf('wrongPurpose') }, server });
      const pair = await peers.open();
      expectInfo(pair, { clientAuthentication: 'provided', externalPskIdentity: undefined });
      if (!bothHave('resumption')(roles)) return;
      expectInfo(await peers.open({ session: await peers.session() }), {
        resumed: true,
        clientAuthentication: 'provided',
      });
    },
  },
  {
    id: 'external-psk/certificate-requested',
    title: '§4.3.2 where a certificate is only asked for a key takes its place, and none is asked for',
    applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, {
        client: { ...client, externalPsks: [psk], identity: identityOf('wrongPurpose') },
        server: { externalPsks: [psk], clientAuthentication: 'request', clientTrust: rootPem },
      });
      const pair = await peers.open();
      expectInfo(pair, { clientAuthentication: 'none' });
      expect(pair.serverSink.info?.externalPskIdentity).toEqual(psk.identity);
      if (!bothHave('resumption')(roles)) return;
      expectInfo(await peers.open({ session: await peers.session() }), { clientAuthentication: 'none' });
    },
  },
  {
    id: 'external-psk/no-importer',
    title: 'a key that is to be imported is refused by name where pskImporter is not claimed',
    applies: ({ client: { capabilities } }) =>
      capabilities.client.features.externalPsk && !capabilities.client.features.pskImporter,
    run: ({ client: backend }) => {
      const externalPsks = [{ ...psk, importer: { context: text('a') } }];
      expect(() => backend.createClientContext({ externalPsks })).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'externalPsks' }),
      );
    },
  },
  {
    id: 'external-psk/misused',
    title: 'RFC 9257 §4 a key of less than 16 bytes, or an identity of none, is refused',
    applies: ({ client: { capabilities } }) => capabilities.client.features.externalPsk,
    run: ({ client: backend }) => {
      for (const wrong of [
        { ...psk, key: new Uint8Array(15) },
        { ...psk, identity: new Uint8Array(0) },
      ]) {
        expect(() => backend.createClientContext({ externalPsks: [wrong] })).toThrow(
          expect.objectContaining({ code: 'ERR_TLS_CONFIG' }),
        );
      }
    },
  },
];
