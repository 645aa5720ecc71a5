import type { ProtocolVersion, TlsSession } from '@org/tls-core';
import { maxSessionsPerConnection } from '@org/tls-core/backend';
import { bothHave, bothSpeak, common, type ConformanceCase } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { byteByByte, identityOf } from '../memory-pair.ts';
import { canForge, recordType, RecordForger } from '../record-forger.ts';

const protocols = ['TLSv1.2', 'TLSv1.3'] as const satisfies readonly ProtocolVersion[];
const ticketKey = (byte: number) => ({ name: new Uint8Array(16).fill(byte), secret: new Uint8Array(32).fill(byte) });
const hour = 3_600_000;

/** Cases of sessions in both protocols (RFC 8446 §2.2, RFC 5246 §7.3, RFC 5077). */
export const resumptionCases: readonly ConformanceCase[] = [
  ...protocols.flatMap((protocol): ConformanceCase[] => {
    const applies: ConformanceCase['applies'] = (roles) => bothSpeak(protocol)(roles) && bothHave('resumption')(roles);
    const client = only(protocol);
    const id = (name: string): string => `resumption/${name}-${protocol.slice(4)}`;
    return [
      {
        id: id('session'),
        title: `a session of ${protocol} is resumed, and both sides say so`,
        applies,
        run: async (roles) => {
          for (const wire of [undefined, byteByByte]) {
            const peers = new Peers(roles, { client });
            const first = await peers.open();
            expectInfo(first, { resumed: false, protocol });
            await first.pumpUntil(() => first.clientSink.sessions.length > 0);
            const [session] = first.clientSink.sessions;
            if (session === undefined) throw new Error('there is no session');
            expect(session).toMatchObject({ backend: roles.client.name, protocol, serverName: 'localhost' });
            expect(session.expiresAt).toBeGreaterThan(session.receivedAt);
            const second = await peers.open({ session }, wire);
            expectInfo(second, { resumed: true, protocol });
            // The first connection proved who the server is.
            expect(second.clientSink.info?.peer?.chain).toEqual(first.clientSink.info?.peer?.chain);
            expect(second.clientSink.info?.peer?.verifiedPath).toEqual(first.clientSink.info?.peer?.verifiedPath);
            expect(second.clientSink.info?.signatureScheme).toBe(first.clientSink.info?.signatureScheme);
            await expectData(second);
          }
        },
      },
      {
        id: id('asked-late'),
        title: `the state of a session of ${protocol} is the same bytes each time, also when it is read after the connection’s end`,
        applies,
        run: async (roles) => {
          const peers = new Peers(roles, { client });
          for (let round = 0; round < 2; round += 1) {
            const pair = await peers.open();
            await pair.pumpUntil(() => pair.clientSink.sessions.length > 0);
            await expectData(pair);
            pair.client.destroy();
            pair.server.destroy();
            const [session] = pair.clientSink.sessions;
            if (session === undefined) throw new Error('there is no session');
            const { state } = session;
            expect(session.state).toBe(state);
            const second = await peers.open({ session: { ...session, state: Uint8Array.from(state) } });
            expectInfo(second, { resumed: true, protocol });
            await expectData(second);
          }
        },
      },
      {
        id: id('cipher-suites'),
        title: `a session of each suite of ${protocol} is resumed`,
        applies,
        run: async (roles) => {
          const isTls13 = (name: string): boolean => /^TLS_(AES|CHACHA20)/.test(name);
          for (const suite of common(roles, 'cipherSuites').filter(
            (name) => isTls13(name) === (protocol === 'TLSv1.3'),
          )) {
            const certificate = suite.includes('_RSA_') ? 'rsa-2048' : 'ecdsa-p256';
            const peers = new Peers(roles, { certificate, client: { ...client, cipherSuites: [suite] } });
            const second = await peers.open({ session: await peers.session() });
            expectInfo(second, { resumed: true, cipherSuite: suite });
            await expectData(second);
          }
        },
      },
      {
        id: id('chain'),
        title: `a session of ${protocol} that a resumption gives is resumed in turn`,
        applies,
        run: async (roles) => {
          const peers = new Peers(roles, { client });
          let session = await peers.session();
          for (let round = 0; round < 3; round += 1) {
            const pair = await peers.open({ session });
            expectInfo(pair, { resumed: true });
            // A server of TLS 1.2 need not renew the ticket (RFC 5077 §3.3).
            if (protocol === 'TLSv1.3') await pair.pumpUntil(() => pair.clientSink.sessions.length > 0);
            session = pair.clientSink.sessions[0] ?? session;
          }
        },
      },
      {
        id: id('no-tickets'),
        title: `with \`tickets: 0\` there is no session of ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, { client, server: { tickets: 0 } }).open();
          await expectData(pair);
          expect(pair.clientSink.sessions).toEqual([]);
        },
      },
      {
        id: id('not-renewed'),
        title: `with \`renewTickets: false\` a resumed connection of ${protocol} gets no new session, and its own is good again`,
        applies: (roles) => applies(roles) && roles.server.capabilities.server.options.includes('renewTickets'),
        run: async (roles) => {
          const peers = new Peers(roles, { client, server: { renewTickets: false } });
          const session = await peers.session();
          for (let round = 0; round < 2; round += 1) {
            const pair = await peers.open({ session });
            expectInfo(pair, { resumed: true });
            await expectData(pair);
            // a client of TLS 1.2 may be given again what it has shown
            for (const { state } of pair.clientSink.sessions) expect(state).toEqual(session.state);
          }
        },
      },
      {
        id: id('another-server'),
        title: `a ticket of ${protocol} that the server cannot open leads to a full handshake`,
        applies,
        run: async (roles) => {
          const peers = new Peers(roles, { client });
          const session = await peers.session();
          const pair = await peers.withServer({}).open({ session });
          expectInfo(pair, { resumed: false });
          await expectData(pair);
        },
      },
      {
        id: id('expired'),
        title: `a session of ${protocol} is not resumed when its lifetime is over, by either side’s clock`,
        applies,
        run: async (roles) => {
          for (const late of ['client', 'server'] as const) {
            const now = { client: Date.now(), server: Date.now() };
            const peers = new Peers(roles, {
              client: { ...client, clock: () => now.client },
              server: { clock: () => now.server, sessionLifetimeSeconds: 3600 },
            });
            const session = await peers.session();
            expect(session.expiresAt).toBeLessThanOrEqual(now.client + hour);
            now[late] += hour - 1000;
            expectInfo(await peers.open({ session }), { resumed: true });
            now[late] += 2000;
            expectInfo(await peers.open({ session: { ...session } }), { resumed: false });
          }
        },
      },
      {
        id: id('other-name'),
        title: `§4.6.1 a session of ${protocol} is not offered to a server of another name`,
        applies,
        run: async (roles) => {
          const identity = [identityOf('ecdsa-p256'), identityOf('wildcard')] as const;
          const selectIdentity = ({ serverName }: { readonly serverName: string | undefined }) =>
            identity[serverName === 'localhost' ? 0 : 1];
          const peers = new Peers(roles, { client, server: { selectIdentity } });
          const session = await peers.session();
          const pair = await peers.run({ session, serverName: 'www.example.test' }).catch((error: unknown) => error);
          // The session may be refused by name or ignored, but is never resumed.
          if (pair instanceof Error) expect(pair).toMatchObject({ code: 'ERR_TLS_CONFIG' });
          else expectInfo(pair as never, { resumed: false });
        },
      },
      {
        id: id('other-trust'),
        title: `a session of ${protocol} is not resumed under a trust that its peer was not verified by`,
        applies,
        run: async (roles) => {
          const lax = new Peers(roles, {
            certificate: 'untrusted',
            client: { ...client, dangerous: { acceptAnyCertificate: true } },
            server: { ticketKeys: { current: () => [ticketKey(1)] } },
          });
          const session = await lax.session();
          const strict = new Peers(roles, {
            certificate: 'untrusted',
            client,
            server: { ticketKeys: { current: () => [ticketKey(1)] } },
          });
          const pair = await strict.run({ session });
          expect(pair.clientSink.info).toBeUndefined();
          expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
        },
      },
      {
        id: id('verify-resumed'),
        title: `verifyPeer is asked again for a resumed session of ${protocol} only with verifyResumedPeer`,
        applies,
        run: async (roles) => {
          for (const verifyResumedPeer of [false, true]) {
            const seen: boolean[] = [];
            const peers = new Peers(roles, {
              client: { ...client, verifyResumedPeer, verifyPeer: ({ resumed }) => void seen.push(resumed) },
            });
            expectInfo(await peers.open({ session: await peers.session() }), { resumed: true });
            expect(seen).toEqual(verifyResumedPeer ? [false, true] : [false]);
          }
        },
      },
      {
        id: id('verify-resumed-rejects'),
        title: `verifyPeer can reject the peer of a resumed session of ${protocol}`,
        applies,
        run: async (roles) => {
          const reason = new Error('no longer on the list');
          const peers = new Peers(roles, {
            client: {
              ...client,
              verifyResumedPeer: true,
              verifyPeer: ({ resumed }) => {
                if (resumed) throw reason;
              },
            },
          });
          const pair = await peers.run({ session: await peers.session() });
          expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED', cause: reason });
          expect(pair.clientSink.info).toBeUndefined();
        },
      },
      {
        id: id('damaged'),
        title: `a session of ${protocol} with a broken state never harms: it is refused, or left aside`,
        applies,
        run: async (roles) => {
          const peers = new Peers(roles, { client });
          const session = await peers.session();
          for (const state of [new Uint8Array(0), new Uint8Array(8), session.state.subarray(0, -1)]) {
            const pair = await peers.run({ session: { ...session, state } }).catch((error: unknown) => error);
            if (pair instanceof Error) {
              expect(pair).toMatchObject({ name: 'TlsError' });
              continue;
            }
            const { clientSink } = pair as Awaited<ReturnType<Peers['run']>>;
            expect(clientSink.info?.resumed ?? false).toBe(false);
          }
        },
      },
      {
        id: id('foreign'),
        title: `a session of another backend is not resumed in ${protocol}`,
        applies,
        run: async (roles) => {
          const peers = new Peers(roles, { client });
          const session = { ...(await peers.session()), backend: 'another' };
          const pair = await peers.run({ session }).catch((error: unknown) => error);
          if (pair instanceof Error) expect(pair).toMatchObject({ name: 'TlsError' });
          else expectInfo(pair as never, { resumed: false });
        },
      },
    ];
  }),
  {
    id: 'resumption/down',
    title:
      '§4.2.1 a session of TLS 1.3 is not resumed on a server that now speaks TLS 1.2 only, nor the other way round',
    applies: (roles) => bothSpeak('TLSv1.2')(roles) && bothSpeak('TLSv1.3')(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      const ticketKeys = { current: () => [ticketKey(1)] };
      for (const [before, after] of [protocols, protocols.toReversed()]) {
        if (before === undefined || after === undefined) throw new Error('there are two');
        const peers = new Peers(roles, { server: { ...only(before), ticketKeys } });
        const session = await peers.session();
        expect(session.protocol).toBe(before);
        const pair = await peers.withServer({ server: { ...only(after), ticketKeys } }).open({ session });
        expectInfo(pair, { resumed: false, protocol: after });
      }
    },
  },
  {
    id: 'resumption/tickets',
    title: '§4.6.1 a server sends as many tickets as it is told, and each resumes by itself',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      for (const tickets of [1, 3]) {
        const peers = new Peers(roles, { client: only('TLSv1.3'), server: { tickets } });
        const sessions = await peers.sessions(tickets);
        expect(sessions).toHaveLength(tickets);
        for (const session of sessions) expectInfo(await peers.open({ session }), { resumed: true });
      }
    },
  },
  {
    id: 'resumption/seven-days',
    title: '§4.6.1 a ticket is used seven days at most, whatever lifetime its server says',
    applies: (roles) => canForge('TLSv1.3')(roles) && roles.client.capabilities.client.features.resumption,
    run: async (roles) => {
      const forger = await RecordForger.open(roles, 'TLSv1.3');
      const lifetime = [0xff, 0xff, 0xff, 0xff];
      const ticket = Uint8Array.of(4, 0, 0, 15, ...lifetime, 0, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0);
      const { sessions } = forger.give('server', forger.seal('server', recordType.handshake, ticket));
      for (const { receivedAt, expiresAt } of sessions)
        expect(expiresAt - receivedAt).toBeLessThanOrEqual(7 * 24 * hour);
      expect(sessions).toHaveLength(1);
    },
  },
  {
    id: 'resumption/too-many-tickets',
    title: 'a client keeps a bounded number of sessions of one connection, however many tickets come',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, { client: only('TLSv1.3'), server: { tickets: 24 } });
      const pair = await peers.open();
      await expectData(pair);
      expect(pair.clientSink.sessions).toHaveLength(maxSessionsPerConnection);
    },
  },
  {
    id: 'resumption/key-rotation',
    title: 'RFC 5077 §5.5 a server that was given no ticket keys changes its own, and opens what the last one sealed',
    applies: (roles) => bothSpeak('TLSv1.2')(roles) && bothHave('resumption')(roles),
    run: async (roles) => {
      let now = Date.now();
      const clock = () => now;
      const peers = new Peers(roles, {
        client: { ...only('TLSv1.2'), clock },
        server: { clock, sessionLifetimeSeconds: 12 * 3600 },
      });
      const names: string[] = [];
      const note = (batch: Uint8Array, from: 'client' | 'server'): readonly Uint8Array[] => {
        const ticket = from === 'server' ? ticketIn(batch) : undefined;
        if (ticket !== undefined) names.push(ticket.subarray(0, 16).join());
        return [batch];
      };
      const first = await peers.open({}, note);
      await peers.open({}, note);
      now += 7 * hour;
      const [session] = first.clientSink.sessions;
      expect(session).toBeDefined();
      expectInfo(await peers.open({ session: session as TlsSession }), { resumed: true });
      await peers.open({}, note);
      now += 30 * 24 * hour;
      await peers.open({}, note);
      expect(names).toHaveLength(4);
      expect(names[0]).toBe(names[1]);
      expect(new Set(names).size).toBe(3);
    },
  },
  {
    id: 'resumption/ticket-request',
    title: 'RFC 9149 a client gets as many tickets as it asks for, other after a resumption',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && bothHave('ticketRequest')(roles),
    run: async (roles) => {
      const peers = new Peers(roles, {
        client: { ...only('TLSv1.3'), ticketRequest: { newSession: 4, resumption: 0 } },
      });
      const [session, ...more] = await peers.sessions(4);
      expect(more).toHaveLength(3);
      if (session === undefined) return;
      const second = await peers.open({ session });
      await expectData(second);
      expectInfo(second, { resumed: true });
      expect(second.clientSink.sessions).toEqual([]);
    },
  },
];

/** Gives the ticket of a NewSessionTicket in the clear (RFC 5077 §3.3), where these records hold one. */
function ticketIn(records: Uint8Array): Uint8Array | undefined {
  const view = new DataView(records.buffer, records.byteOffset, records.length);
  for (let record = 0; record + 5 < records.length; record += 5 + view.getUint16(record + 3)) {
    const end = record + 5 + view.getUint16(record + 3);
    for (let at = record + 5; records[record] === 22 && at + 4 < end; at += 4 + (view.getUint32(at) & 0xffffff)) {
      // The message has the type new_session_ticket (4); the ticket stands behind the lifetime and the length.
      if (records[at] === 4) return records.subarray(at + 10, at + 10 + view.getUint16(at + 8));
    }
  }
  return undefined;
}
