import { bothSpeak, common, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte } from '../memory-pair.ts';

const applies = (roles: Roles): boolean =>
  bothSpeak('TLSv1.3')(roles) &&
  ['x25519', 'secp256r1', 'secp384r1'].every((group) => common(roles, 'groups').includes(group));
const withKeyShares = (roles: Roles): boolean =>
  applies(roles) && roles.client.capabilities.client.options.includes('keyShares');
const client = only('TLSv1.3');
const hybrid = 'X25519MLKEM768';
/** Tells whether the server can ask for a post-quantum share, and the client can leave it out at first. */
const mayAskForHybrid = (roles: Roles): boolean =>
  withKeyShares(roles) &&
  common(roles, 'groups').includes(hybrid) &&
  roles.server.capabilities.server.options.includes('postQuantumRetry');

/** Which shares are sent (RFC 8446 §4.2.8), and what a HelloRetryRequest changes (RFC 8446 §4.1.4). */
export const keyShareCases: readonly ConformanceCase[] = [
  {
    id: 'key-share/chosen',
    title: '§4.2.8 a share that was sent for the group the server prefers spares a round trip',
    applies: withKeyShares,
    run: async (roles) => {
      const groups = ['x25519', 'secp256r1', 'secp384r1'];
      for (const keyShares of [['secp384r1'], ['x25519', 'secp384r1'], groups]) {
        const pair = await new Peers(roles, {
          client: { ...client, groups, keyShares },
          server: { groups: ['secp384r1'] },
        }).open();
        expectInfo(pair, { group: 'secp384r1', helloRetryRequest: false });
      }
    },
  },
  {
    id: 'key-share/retry-each',
    title: '§4.1.4 a HelloRetryRequest leads to each group that both sides claim',
    applies,
    run: async (roles) => {
      for (const group of common(roles, 'groups')) {
        const first = group === 'secp384r1' ? 'x25519' : 'secp384r1';
        for (const wire of [undefined, byteByByte]) {
          const pair = await new Peers(roles, {
            client: { ...client, groups: [first, group] },
            server: { groups: [group] },
          }).open({}, wire);
          // A backend may send shares of more groups than its first.
          expectInfo(pair, { group });
        }
      }
    },
  },
  {
    id: 'key-share/post-quantum-retry',
    title: '§4.1.1 a client that supports a post-quantum group and sent a classical share is asked for the other one',
    applies: mayAskForHybrid,
    run: async (roles) => {
      for (const server of [{}, { postQuantumRetry: true }, { groups: [hybrid, 'x25519'] }]) {
        for (const groups of [
          [hybrid, 'x25519'],
          ['x25519', 'secp256r1', hybrid],
        ]) {
          const peers = new Peers(roles, { client: { ...client, groups, keyShares: ['x25519'] }, server });
          const pair = await peers.open();
          expectInfo(pair, { group: hybrid, helloRetryRequest: true });
          await expectData(pair);
        }
      }
    },
  },
  {
    id: 'key-share/post-quantum-retry-off',
    title:
      'no client is asked for a post-quantum share without need: by option, by the server’s order, or where it is not supported',
    applies: mayAskForHybrid,
    run: async (roles) => {
      const withholds = { groups: [hybrid, 'x25519'], keyShares: ['x25519'] };
      for (const [ofClient, server] of [
        [withholds, { postQuantumRetry: false }],
        [withholds, { groups: ['x25519', hybrid] }],
        [withholds, { groups: ['x25519', 'secp256r1'] }],
        [{ groups: ['x25519', 'secp256r1'] }, {}],
      ] as const) {
        const pair = await new Peers(roles, { client: { ...client, ...ofClient }, server }).open();
        expectInfo(pair, { group: 'x25519', helloRetryRequest: false });
      }
      const pair = await new Peers(roles, { client: { ...client, groups: [hybrid, 'x25519'] } }).open();
      expectInfo(pair, { group: hybrid, helloRetryRequest: false });
    },
  },
  {
    id: 'key-share/not-offered',
    title: 'a key share of a group that is not offered is refused when the context is made',
    applies: withKeyShares,
    run: ({ client: backend }) => {
      expect(() =>
        backend.createClientContext({ trust: rootPem, groups: ['x25519'], keyShares: ['secp256r1'] }),
      ).toThrow(expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'keyShares' }));
    },
  },
  {
    id: 'key-share/cookie',
    title: '§4.2.2 with retryCookie each client has to come twice, with the cookie it got',
    applies: (roles) => applies(roles) && roles.server.capabilities.server.options.includes('retryCookie'),
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const pair = await new Peers(roles, {
          client: { ...client, groups: ['x25519', 'secp256r1'] },
          server: { retryCookie: true, groups: ['secp256r1'] },
        }).open({}, wire);
        expectInfo(pair, { helloRetryRequest: true, group: 'secp256r1' });
      }
    },
  },
  {
    id: 'key-share/plain',
    title:
      'RFC 8701 the handshake works with and without GREASE and permuted extensions, also behind a HelloRetryRequest',
    applies: (roles) =>
      applies(roles) &&
      ['grease', 'permuteExtensions'].every((option) => roles.client.capabilities.client.options.includes(option)),
    run: async (roles) => {
      for (const grease of [true, false]) {
        for (const permuteExtensions of [true, false]) {
          for (const groups of [['x25519'], ['secp256r1']]) {
            const pair = await new Peers(roles, {
              client: { ...client, grease, permuteExtensions, groups: ['x25519', 'secp256r1'] },
              server: { groups },
            }).open();
            expectInfo(pair, { helloRetryRequest: groups[0] === 'secp256r1' });
          }
        }
      }
    },
  },
];
