import type { ClientConfig, ExternalPsk, Identity, ServerConfig, TlsSession } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, text, type MemoryPair } from '../memory-pair.ts';

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };
const ticketKeys = { current: () => [key] };
const alice = identityOf('wrongPurpose');
const bob = identityOf('ecdsa-p384');
/** The options of a server that accepts every client. */
const anyClient: Partial<ServerConfig> = {
  clientAuthentication: 'request',
  dangerous: { acceptAnyClientCertificate: true },
};
/** When the certificates of the kit's PKI expire. */
const lastDay = Date.UTC(2070, 0, 1);

/** A session stands for what made it trustworthy: where that is no longer given, it is not resumed. */
export const sessionBindingCases: readonly ConformanceCase[] = [
  ...(['TLSv1.2', 'TLSv1.3'] as const).flatMap((protocol): ConformanceCase[] => {
    const applies = (roles: Roles): boolean => bothSpeak(protocol)(roles) && bothHave('resumption')(roles);
    const authenticates: ConformanceCase['applies'] = (roles) =>
      applies(roles) && bothHave('clientAuthentication')(roles);
    const id = (name: string): string => `resumption/${name}-${protocol.slice(4)}`;
    const versions = only(protocol);

    /** Runs a connection under one configuration and offers its session under another; the caller looks whether it is resumed. */
    async function isResumed(roles: Roles, before: Configurations, after: Configurations): Promise<MemoryPair> {
      const shared = { ...anyClient, ticketKeys };
      const options = ({ client, server }: Configurations) => ({
        client: { ...versions, ...client },
        server: { ...shared, ...server },
      });
      const session = await new Peers(roles, options(before)).session();
      const pair = await new Peers(roles, options(after)).open({ session });
      await expectData(pair);
      return pair;
    }

    return [
      {
        id: id('other-client'),
        title: `a client’s session of ${protocol} is not used under another identity, nor under none`,
        applies: authenticates,
        run: async (roles) => {
          const same = await isResumed(roles, { client: { identity: alice } }, { client: { identity: { ...alice } } });
          expectInfo(same, { resumed: true, clientAuthentication: 'provided' });
          const configurations: readonly (readonly [ClientConfig, string | undefined])[] = [
            [{ identity: bob }, 'provided'],
            [{ identity: [bob, alice] }, 'provided'],
            [{}, 'requested'],
          ];
          for (const [client, clientAuthentication] of configurations) {
            const pair = await isResumed(roles, { client: { identity: alice } }, { client });
            expectInfo(pair, { resumed: false, clientAuthentication } as never);
          }
        },
      },
      {
        id: id('other-hook'),
        title: `a session of ${protocol} under an identity that selectIdentity chose is used under the same hook only`,
        applies: (roles) => authenticates(roles) && roles.client.capabilities.client.options.includes('selectIdentity'),
        run: async (roles) => {
          const choosing = (identity: Identity) => () => identity;
          const selectIdentity = choosing(alice);
          expectInfo(await isResumed(roles, { client: { selectIdentity } }, { client: { selectIdentity } }), {
            resumed: true,
          });
          for (const client of [{ selectIdentity: choosing(bob) }, { identity: alice }, {}])
            expectInfo(await isResumed(roles, { client: { selectIdentity } }, { client }), { resumed: false });
        },
      },
      {
        id: id('other-server-identity'),
        title: `a server does not resume a session of ${protocol} of another that has its ticket keys and another identity`,
        applies,
        run: async (roles) => {
          const server = { identity: identityOf('ecdsa-p384') };
          expectInfo(await isResumed(roles, { server }, { server }), { resumed: true });
          const pair = await isResumed(roles, {}, { server });
          expectInfo(pair, { resumed: false });
        },
      },
      {
        id: id('hook-added'),
        title: `a session of ${protocol} that was made without verifyPeer is not resumed past it, by either side`,
        applies: authenticates,
        run: async (roles) => {
          const seen: string[] = [];
          const verifyPeer = ({ role }: { readonly role: string }): void => void seen.push(role);
          const client = { identity: alice };
          const asked = { client: { ...client, verifyPeer } };
          expectInfo(await isResumed(roles, { client }, asked), { resumed: false });
          expectInfo(await isResumed(roles, { client }, { client, server: { verifyPeer } }), { resumed: false });
          expect(seen).toEqual(['client', 'server']);
        },
      },
      {
        id: id('fewer-schemes'),
        title: `a session of ${protocol} is not resumed where its peer’s signature scheme is not accepted any more`,
        applies,
        run: async (roles) => {
          const server = { identity: [identityOf('rsa-2048'), identityOf('ecdsa-p256')] };
          const client = { signatureSchemes: ['ecdsa_secp256r1_sha256'] };
          const pair = await isResumed(roles, { server }, { server, client });
          expectInfo(pair, { resumed: false, signatureScheme: 'ecdsa_secp256r1_sha256' });
        },
      },
      {
        id: id('server-expired'),
        title: `§4.6.1 a session of ${protocol} does not outlive the server’s certificate`,
        applies,
        run: async (roles) => {
          let now = lastDay - 60_000;
          const peers = new Peers(roles, { client: { ...versions, clock: () => now }, server: { ticketKeys } });
          const session = await peers.session();
          expect(session.expiresAt).toBeLessThanOrEqual(lastDay);
          expectInfo(await peers.open({ session }), { resumed: true });
          now += 120_000;
          // It does not matter what the session says about itself.
          for (const expiresAt of [session.expiresAt, now + 3_600_000]) {
            const pair = await peers.run({ session: { ...session, expiresAt } });
            expect(pair.clientSink.info).toBeUndefined();
            expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_EXPIRED', alert: 45 });
          }
        },
      },
      {
        id: id('client-expired'),
        title: `§4.6.1 a session of ${protocol} does not outlive the client’s certificate`,
        applies: authenticates,
        run: async (roles) => {
          let now = lastDay - 60_000;
          const peers = new Peers(roles, {
            client: { ...versions, identity: alice },
            server: { clientAuthentication: 'require', clientTrust: rootPem, ticketKeys, clock: () => now },
          });
          const session = await peers.session();
          expectInfo(await peers.open({ session }), { resumed: true, clientAuthentication: 'provided' });
          now += 120_000;
          const pair = await peers.run({ session });
          expect(pair.serverSink.info).toBeUndefined();
          expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_EXPIRED', alert: 45 });
        },
      },
    ];
  }),
  ...externalPskSessions(),
];

interface Configurations {
  readonly client?: ClientConfig;
  readonly server?: Partial<ServerConfig>;
}

/** Cases of sessions that come from an external key and not from a certificate. */
function externalPskSessions(): readonly ConformanceCase[] {
  const applies = (roles: Roles): boolean =>
    bothSpeak('TLSv1.3')(roles) && bothHave('externalPsk')(roles) && bothHave('resumption')(roles);
  const device: ExternalPsk = { identity: text('device 1'), key: new Uint8Array(32).fill(7) };
  const other: ExternalPsk = { identity: text('device 2'), key: new Uint8Array(32).fill(8) };
  const versions = only('TLSv1.3');
  const sessionOf = (roles: Roles): Promise<TlsSession> =>
    new Peers(roles, {
      client: { ...versions, externalPsks: [device] },
      server: { externalPsks: [device, other], ticketKeys },
    }).session();
  const withKeys = (roles: Roles, ofClient: readonly ExternalPsk[], ofServer: readonly ExternalPsk[]): Peers =>
    new Peers(roles, {
      client: { ...versions, externalPsks: ofClient },
      server: { externalPsks: ofServer, ticketKeys },
    });
  return [
    {
      id: 'external-psk/resumed-under-the-key',
      title: 'a session that an external key has made is resumed while both have the key, and both say which',
      applies,
      run: async (roles) => {
        let session = await sessionOf(roles);
        for (let round = 0; round < 2; round += 1) {
          const pair = await withKeys(roles, [device], [other, device]).open({ session });
          expectInfo(pair, { resumed: true });
          for (const { info } of [pair.clientSink, pair.serverSink])
            expect(info?.externalPskIdentity).toEqual(device.identity);
          await pair.pumpUntil(() => pair.clientSink.sessions.length > 0);
          session = pair.clientSink.sessions[0] ?? session;
        }
      },
    },
    {
      id: 'external-psk/key-removed',
      title:
        'a server does not resume a session whose external key was taken away, also not one that came of a resumption',
      applies,
      run: async (roles) => {
        const first = await sessionOf(roles);
        const resumed = await withKeys(roles, [device], [device]).open({ session: first });
        await resumed.pumpUntil(() => resumed.clientSink.sessions.length > 0);
        for (const session of [first, resumed.clientSink.sessions[0]]) {
          if (session === undefined) throw new Error('there is no session');
          for (const ofServer of [[other], [], [{ ...device, key: new Uint8Array(32).fill(9) }, other]]) {
            // Besides the session, the client offers nothing that this server knows.
            const pair = await withKeys(roles, [device], ofServer).run({ session });
            expect(pair.serverSink.info?.resumed ?? false).toBe(false);
          }
        }
      },
    },
    {
      id: 'external-psk/key-forgotten',
      title: 'a client that has no external key, or another, does not use a session that one has made',
      applies,
      run: async (roles) => {
        for (const ofClient of [[], [other]]) {
          const pair = await withKeys(roles, ofClient, [device, other]).open({ session: await sessionOf(roles) });
          expectInfo(pair, { resumed: false });
          const identity = ofClient[0]?.identity;
          expect(pair.serverSink.info?.externalPskIdentity).toEqual(identity);
          // Where there is no key, the certificate made the session.
          expect(pair.clientSink.info?.peer?.chain.length ?? 0).toBe(identity === undefined ? 1 : 0);
        }
      },
    },
  ];
}
