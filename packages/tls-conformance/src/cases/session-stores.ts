import type { ServerSessionStore, SessionStore, TlsSession } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';

const ticketKey = (byte: number) => ({ name: new Uint8Array(16).fill(byte), secret: new Uint8Array(32).fill(byte) });

/** Cases of who keeps sessions, and whose keys seal tickets. */
export const sessionStoreCases: readonly ConformanceCase[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (protocol): ConformanceCase[] => {
    const applies = (roles: Roles): boolean => bothSpeak(protocol)(roles) && bothHave('resumption')(roles);
    const serverKeeps: ConformanceCase['applies'] = (roles) =>
      applies(roles) && roles.server.capabilities.server.options.includes('sessionStore');
    const client = only(protocol);
    const id = (name: string): string => `resumption/${name}-${protocol.slice(4)}`;
    return [
      {
        id: id('client-store'),
        title: `a client’s store is given the sessions of ${protocol}, asked by server name, and each is used once`,
        applies,
        run: async (roles) => {
          const { store, taken, sessions } = clientStore();
          const peers = new Peers(roles, { client: { ...client, sessionStore: store } });
          const first = await peers.open();
          await first.pumpUntil(() => sessions.length > 0);
          expectInfo(first, { resumed: false });
          const put = sessions.length;
          const second = await peers.open();
          expectInfo(second, { resumed: true });
          expect(put).toBeGreaterThan(0);
          expect(taken).toHaveLength(1);
          // what was used is replaced: in TLS 1.3 by a ticket, in TLS 1.2 by one or by itself (RFC 5246 §F.1.4)
          await second.pumpUntil(() => sessions.length >= put);
          expectInfo(await peers.open(), { resumed: true });
          // A second server finds nothing of the first one's.
          const other = await new Peers(roles, {
            certificate: 'wildcard',
            client: { ...client, sessionStore: store },
          }).open({ serverName: 'www.example.test' });
          expectInfo(other, { resumed: false });
        },
      },
      {
        id: id('connection-store'),
        title: `a connection’s own store is given its sessions of ${protocol}, and the context’s store is not`,
        applies,
        run: async (roles) => {
          const [ofContext, own] = [clientStore(), clientStore()];
          const peers = new Peers(roles, { client: { ...client, sessionStore: ofContext.store } });
          const first = await peers.open({ sessionStore: own.store });
          await first.pumpUntil(() => own.sessions.length > 0);
          expectInfo(await peers.open(), { resumed: false });
          expectInfo(await peers.open({ sessionStore: own.store }), { resumed: true });
          expect(own.taken).toHaveLength(1);
          expect(ofContext.taken).toHaveLength(0);
        },
      },
      {
        id: id('server-store'),
        title: `a server that keeps its sessions itself resumes each of ${protocol} once`,
        applies: serverKeeps,
        run: async (roles) => {
          const states = new Map<string, Uint8Array>();
          const peers = new Peers(roles, { client, server: { sessionStore: serverStore(states) } });
          const session = await peers.session();
          expect(states.size).toBeGreaterThan(0);
          expectInfo(await peers.open({ session }), { resumed: true });
          expectInfo(await peers.open({ session }), { resumed: false });
        },
      },
      {
        id: id('server-store-lost'),
        title: `a session of ${protocol} that the server’s store has lost leads to a full handshake`,
        applies: serverKeeps,
        run: async (roles) => {
          const states = new Map<string, Uint8Array>();
          const peers = new Peers(roles, { client, server: { sessionStore: serverStore(states) } });
          const session = await peers.session();
          states.clear();
          const pair = await peers.open({ session });
          expectInfo(pair, { resumed: false });
          await expectData(pair);
        },
      },
      {
        id: id('server-store-keeps'),
        title: `what a server’s store gives is the store’s: a session of ${protocol} that it does not forget is not wiped`,
        applies: serverKeeps,
        run: async (roles) => {
          const states = new Map<string, Uint8Array>();
          const forgetful = serverStore(states);
          const peers = new Peers(roles, {
            client,
            server: { sessionStore: { ...forgetful, take: (name) => states.get(nameOf(name)) } },
          });
          const session = await peers.session();
          const before = [...states].map(([name, state]) => [name, Uint8Array.from(state)] as const);
          // The first resumption does not use up the session, so that it is the same for the second.
          for (let round = 0; round < 2; round += 1) {
            const pair = await peers.open({ session });
            expectInfo(pair, { resumed: true });
            await expectData(pair);
          }
          for (const [name, state] of before) expect(states.get(name)).toEqual(state);
        },
      },
      {
        id: id('server-store-garbage'),
        title: `a state of ${protocol} that the server’s store has damaged or wiped leads to a full handshake`,
        applies: serverKeeps,
        run: async (roles) => {
          for (const damage of [cut, empty, otherLayout, wiped, ...flips]) {
            const states = new Map<string, Uint8Array>();
            const peers = new Peers(roles, { client, server: { sessionStore: serverStore(states) } });
            const session = await peers.session();
            for (const [name, state] of states) states.set(name, damage(state));
            const pair = await peers.open({ session });
            expectInfo(pair, { resumed: false });
            await expectData(pair);
          }
        },
      },
      {
        id: id('client-store-garbage'),
        title: `a session of ${protocol} that the client’s store has damaged or wiped leads to a full handshake`,
        applies,
        run: async (roles) => {
          for (const damage of [cut, empty, otherLayout, wiped, ...flips]) {
            const { store, sessions } = clientStore();
            const take = async (key: string) => {
              const session = await store.take(key);
              return session && { ...session, state: damage(session.state) };
            };
            const peers = new Peers(roles, { client: { ...client, sessionStore: { ...store, take } } });
            const first = await peers.open();
            await first.pumpUntil(() => sessions.length > 0);
            const pair = await peers.open();
            expectInfo(pair, { resumed: false });
            await expectData(pair);
          }
        },
      },
      {
        id: id('ticket-keys'),
        title: `a ticket of ${protocol} is opened by every server that has its key, also when a newer one seals`,
        applies,
        run: async (roles) => {
          const oldKey = ticketKey(1);
          const newKey = ticketKey(2);
          const made = new Peers(roles, { client, server: { ticketKeys: { current: () => [oldKey] } } });
          const session = await made.session();
          const both = made.withServer({ server: { ticketKeys: { current: () => [newKey, oldKey] } } });
          expectInfo(await both.open({ session }), { resumed: true });
          const another = made.withServer({ server: { ticketKeys: { current: () => [newKey] } } });
          expectInfo(await another.open({ session: await made.session() }), { resumed: false });
        },
      },
    ];
  },
);

function clientStore(): {
  readonly store: SessionStore;
  readonly sessions: TlsSession[];
  readonly taken: TlsSession[];
} {
  const byKey = new Map<string, TlsSession[]>();
  const sessions: TlsSession[] = [];
  const taken: TlsSession[] = [];
  const store: SessionStore = {
    put: (key, session) => {
      byKey.set(key, [...(byKey.get(key) ?? []), session]);
      sessions.push(session);
    },
    take: (key) => {
      const session = byKey.get(key)?.shift();
      if (session !== undefined) taken.push(session);
      return session;
    },
  };
  return { store, sessions, taken };
}

const cut = (state: Uint8Array): Uint8Array => state.subarray(0, -1);
const empty = (): Uint8Array => new Uint8Array(0);
/** Changes the first bytes of a state, which tell its layout. */
const otherLayout = (state: Uint8Array): Uint8Array =>
  Uint8Array.from(state, (byte, index) => (index < 16 ? byte ^ 0x0f : byte));
/** Changes one bit of a state, at several places in turn. */
const flips = [0.1, 0.3, 0.5, 0.7, 0.9].map(
  (place) =>
    (state: Uint8Array): Uint8Array =>
      Uint8Array.from(state, (byte, index) => (index === Math.floor(place * state.length) ? byte ^ 1 : byte)),
);
const wiped = (state: Uint8Array): Uint8Array => new Uint8Array(state.length);

function nameOf(identifier: Uint8Array): string {
  return Array.from(identifier, (byte) => byte.toString(16)).join(' ');
}

/** Makes a store that keeps states by their identifier in hexadecimal. */
function serverStore(states: Map<string, Uint8Array>): ServerSessionStore {
  return {
    put: (identifier, state) => {
      expect(identifier.length).toBeLessThanOrEqual(32);
      states.set(nameOf(identifier), state);
    },
    take: (identifier) => {
      const state = states.get(nameOf(identifier));
      states.delete(nameOf(identifier));
      return state;
    },
  };
}
