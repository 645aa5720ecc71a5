import { TlsError, type ClientHelloInfo, type PeerVerification } from '@org/tls-core';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { identityFor, MemoryPair, text, type PairOptions } from '../memory-pair.ts';
import { handshake } from './handshake.ts';
import { turn } from '../turn.ts';

const clientHas =
  (option: string) =>
  ({ client }: Roles) =>
    client.capabilities.client.options.includes(option);
const serverHas =
  (option: string) =>
  ({ server }: Roles) =>
    server.capabilities.server.options.includes(option);

/** Makes a Promise that is settled only after other turns of the loop. */
function later<T>(value: T): Promise<T> {
  return turn().then(() => value);
}

async function rejectLater(error: Error): Promise<never> {
  await later(undefined);
  throw error;
}

/** Cases of the configuration's hooks: each gives a value or a Promise, throws or rejects. */
export const hookCases: readonly ConformanceCase[] = [
  ...(['at-once', 'later'] as const).flatMap((when): ConformanceCase[] => {
    const answer = <T>(value: T): T | Promise<T> => (when === 'later' ? later(value) : value);
    const refuse = (error: Error): never | Promise<never> => {
      if (when === 'at-once') throw error;
      return rejectLater(error);
    };
    return [
      {
        id: `hook/verify-peer-accepts-${when}`,
        title: `verifyPeer sees the verified chain and accepts it ${when}`,
        applies: clientHas('verifyPeer'),
        run: async (roles) => {
          const seen: PeerVerification[] = [];
          const verifyPeer = (verification: PeerVerification): void | Promise<void> => {
            seen.push(verification);
            return answer(undefined);
          };
          await handshake(roles, { client: { verifyPeer } });
          expect(seen).toHaveLength(1);
          expect(seen[0]).toMatchObject({ role: 'client', serverName: 'localhost' });
          expect(seen[0]?.verifiedPath).toHaveLength(2);
        },
      },
      {
        id: `hook/verify-peer-rejects-${when}`,
        title: `verifyPeer rejects ${when}: certificate_unknown, and its reason is the cause`,
        applies: clientHas('verifyPeer'),
        run: async (roles) => {
          const reason = new Error('not on the list');
          const { clientSink, serverSink } = await run(roles, { client: { verifyPeer: () => refuse(reason) } });
          expect(clientSink.failure).toMatchObject({
            code: 'ERR_TLS_CERTIFICATE_REJECTED',
            alert: 46,
            direction: 'sent',
            cause: reason,
          });
          expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 46 });
        },
      },
      {
        id: `hook/verify-peer-own-error-${when}`,
        title: `verifyPeer rejects ${when} with a certificate error of its own, which is passed on`,
        applies: clientHas('verifyPeer'),
        run: async (roles) => {
          const reason = new TlsError('ERR_TLS_CERTIFICATE_REVOKED', 'on my list');
          const { clientSink } = await run(roles, { client: { verifyPeer: () => refuse(reason) } });
          expect(clientSink.failure).toBe(reason);
        },
      },
      {
        id: `hook/select-identity-${when}`,
        title: `selectIdentity sees the ClientHello and chooses ${when}`,
        applies: serverHas('selectIdentity'),
        run: async (roles) => {
          const seen: ClientHelloInfo[] = [];
          const selectIdentity = (hello: ClientHelloInfo) => {
            seen.push(hello);
            return answer(identityFor(roles, 'wildcard'));
          };
          await handshake(roles, {
            serverName: 'www.example.test',
            client: { alpnProtocols: ['h2'] },
            server: { identity: undefined, selectIdentity } as never,
          });
          expect(seen).toHaveLength(1);
          expect(seen[0]).toMatchObject({ serverName: 'www.example.test', alpnProtocols: ['h2'] });
          expect(seen[0]?.supportedVersions).toContain(0x0304);
        },
      },
      {
        id: `hook/select-identity-none-${when}`,
        title: `selectIdentity has none ${when}: unrecognized_name (RFC 6066 §3)`,
        applies: serverHas('selectIdentity'),
        run: async (roles) => {
          const { clientSink, serverSink } = await run(roles, {
            server: { identity: undefined, selectIdentity: () => answer(undefined) } as never,
          });
          expect(serverSink.failure).toMatchObject({
            code: 'ERR_TLS_UNRECOGNIZED_NAME',
            alert: 112,
            direction: 'sent',
          });
          expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 112 });
        },
      },
      {
        id: `hook/select-identity-wrong-list-${when}`,
        title: `selectIdentity gives ${when} no identity in a list, too many, or one that is none: ERR_TLS_HOOK`,
        applies: serverHas('selectIdentity'),
        run: async (roles) => {
          const one = identityFor(roles);
          for (const list of [[], Array.from({ length: 65 }, () => one), [one, undefined], [[one]]]) {
            const { serverSink } = await run(roles, {
              server: { identity: undefined, selectIdentity: () => answer(list) } as never,
            });
            expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80, direction: 'sent' });
          }
          const full = Array.from({ length: 64 }, () => one);
          await handshake(roles, { server: { identity: undefined, selectIdentity: () => answer(full) } as never });
        },
      },
      {
        id: `hook/select-identity-fails-${when}`,
        title: `selectIdentity fails ${when}: ERR_TLS_HOOK and internal_error, and its reason is the cause`,
        applies: serverHas('selectIdentity'),
        run: async (roles) => {
          const reason = new Error('the store is down');
          const { serverSink } = await run(roles, {
            server: { identity: undefined, selectIdentity: () => refuse(reason) } as never,
          });
          expect(serverSink.failure).toMatchObject({
            code: 'ERR_TLS_HOOK',
            alert: 80,
            direction: 'sent',
            cause: reason,
          });
        },
      },
    ];
  }),
  {
    id: 'hook/data-while-paused',
    title: 'what arrives while a hook is pending is not lost, and neither is the end',
    applies: ({ client }) =>
      client.capabilities.client.features.asyncHooks && client.capabilities.client.options.includes('verifyPeer'),
    run: async (roles) => {
      let accept: (() => void) | undefined;
      let tell = (): void => undefined;
      const asked = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const verifyPeer = (): Promise<void> =>
        new Promise((resolve) => {
          accept = resolve;
          tell();
        });
      const pair = new MemoryPair(roles, { client: { verifyPeer } });
      await pair.pumpUntil(
        () => accept !== undefined,
        (batch) => Array.from(batch, (byte) => Uint8Array.of(byte)),
        asked,
      );
      pair.client.send(text('from the client'));
      expect(pair.clientSink.info).toBeUndefined();
      accept?.();
      await pair.pumpUntil(() => pair.serverSink.text === 'from the client');
      pair.server.send(text('from the server'));
      pair.server.close();
      await pair.pumpUntil(() => pair.clientSink.closedCount > 0);
      expect(pair.clientSink.text).toBe('from the server');
    },
  },
  {
    id: 'hook/destroyed-while-paused',
    title: 'an engine that is destroyed while a hook is pending stays silent',
    applies: ({ client }) =>
      client.capabilities.client.features.asyncHooks && client.capabilities.client.options.includes('verifyPeer'),
    run: async (roles) => {
      let answered: Promise<void> | undefined;
      const verifyPeer = (): Promise<void> => (answered ??= later(undefined));
      const pair = new MemoryPair(roles, { client: { verifyPeer } });
      await pair.pumpUntil(() => answered !== undefined);
      pair.client.destroy();
      const calls = pair.clientSink.calls.length;
      await answered;
      await later(undefined);
      expect(pair.clientSink.calls).toHaveLength(calls);
    },
  },
];

async function run(roles: Roles, options: PairOptions): Promise<MemoryPair> {
  const pair = new MemoryPair(roles, options);
  await pair.settle();
  return pair;
}
