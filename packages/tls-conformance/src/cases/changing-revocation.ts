import type { ClientConfig, ProtocolVersion, Revocation, RevocationLists, ServerConfig } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import type { FixtureCertificate } from '../fixture-certificate.ts';
import { MemoryPair } from '../memory-pair.ts';
import { good, revocationListPem, revocationRootPem, revoked } from '../revocation-fixtures.ts';

const before: RevocationLists = { crls: [], digest: 'before' };
const after: RevocationLists = { crls: [revocationListPem], digest: 'after' };

/** A source of lists whose next ones the test puts in. */
class Source {
  current = before;
}

/** One role looks peers up in the lists of a source, and the other one is looked up. */
interface Side {
  readonly role: 'client' | 'server';
  readonly sink: 'clientSink' | 'serverSink';
  readonly configs: (
    lists: Source,
    peer: FixtureCertificate,
    own?: Pick<ClientConfig, 'verifyPeer'>,
  ) => { readonly client: ClientConfig; readonly server: Partial<ServerConfig> };
}

function identityOf({ chainPem, privateKeyPem }: FixtureCertificate): {
  readonly certificateChain: string;
  readonly privateKey: string;
} {
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}

/** What no list says anything of is accepted, so that a peer gets in before there is a list. */
function looking(lists: Source): { readonly revocation: Revocation } {
  return { revocation: { lists, unknownStatus: 'accept' } };
}

const sides: readonly Side[] = [
  {
    role: 'client',
    sink: 'clientSink',
    configs: (lists, peer, own) => ({
      client: { trust: revocationRootPem, ...looking(lists), ...own },
      server: { identity: identityOf(peer) },
    }),
  },
  {
    role: 'server',
    sink: 'serverSink',
    configs: (lists, peer, own) => ({
      client: { identity: identityOf(peer) },
      server: { clientAuthentication: 'require', clientTrust: revocationRootPem, ...looking(lists), ...own },
    }),
  },
];

const isRevoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44, direction: 'sent' };

function applies({ role }: Side, protocol: ProtocolVersion): (roles: Roles) => boolean {
  return (roles) =>
    bothSpeak(protocol)(roles) &&
    bothHave('resumption')(roles) &&
    roles[role].capabilities[role].options.includes('revocation') &&
    (role === 'client' || roles.client.capabilities.client.features.clientAuthentication);
}

function peersOf(roles: Roles, protocol: ProtocolVersion, { client, server }: ReturnType<Side['configs']>): Peers {
  return new Peers(roles, { client: { ...client, ...only(protocol) }, server: { ...server, ...only(protocol) } });
}

/** Gives the failure of the side that looks, which may come behind the other side's success. */
async function failureOf(pair: MemoryPair, { sink }: Side) {
  return pair[sink].untilFailed();
}

/** Lists that are read again (`revocation.lists`): a context that exists goes by those of now, and so do its sessions. */
export const changingRevocationCases: readonly ConformanceCase[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (protocol) =>
    sides.flatMap((side): ConformanceCase[] => {
      const id = (name: string): string => `revocation/changing-${name}-${side.role}-${protocol.slice(4)}`;
      return [
        {
          id: id('refused'),
          title: `a ${side.role} in ${protocol} refuses who was revoked since its context was made, though it has proven the chain before`,
          applies: applies(side, protocol),
          run: async (roles) => {
            const lists = new Source();
            const peers = peersOf(roles, protocol, side.configs(lists, revoked));
            for (let round = 0; round < 2; round += 1) await peers.open();
            lists.current = after;
            expect(await failureOf(await peers.run(), side)).toMatchObject(isRevoked);
          },
        },
        {
          id: id('session'),
          title: `a ${side.role} in ${protocol} resumes no session of who was revoked since`,
          applies: applies(side, protocol),
          run: async (roles) => {
            const lists = new Source();
            const peers = peersOf(roles, protocol, side.configs(lists, revoked));
            const [session, other] = [await peers.session(), await peers.session()];
            expectInfo(await peers.open({ session }), { resumed: true });
            lists.current = after;
            expect(await failureOf(await peers.run({ session: other }), side)).toMatchObject(isRevoked);
          },
        },
        {
          id: id('resumption'),
          title: `a ${side.role} in ${protocol} proves a peer anew under other lists, and resumes the sessions that are made then`,
          applies: applies(side, protocol),
          run: async (roles) => {
            const lists = new Source();
            const peers = peersOf(roles, protocol, side.configs(lists, good));
            const session = await peers.session();
            lists.current = after;
            expectInfo(await peers.open({ session }), { resumed: false });
            const next = await peers.session();
            expectInfo(await peers.open({ session: next }), { resumed: true });
            lists.current = { ...after };
            const again = await peers.session();
            expectInfo(await peers.open({ session: again }), { resumed: true });
          },
        },
        {
          id: id('waiting'),
          title: `a ${side.role} in ${protocol} that waited for a ClientHello while lists changed resumes no session of who was revoked`,
          applies: (roles) => side.role === 'server' && applies(side, protocol)(roles),
          run: async (roles) => {
            const lists = new Source();
            const peers = peersOf(roles, protocol, side.configs(lists, revoked));
            const pair = new MemoryPair(roles, { session: await peers.session() }, peers.contexts);
            lists.current = after;
            await pair.settle();
            expect(await failureOf(pair, side)).toMatchObject(isRevoked);
          },
        },
        {
          id: id('meanwhile'),
          title: `a ${side.role} in ${protocol} resumes no session whose peer was looked up in lists that changed during the handshake`,
          applies: applies(side, protocol),
          run: async (roles) => {
            const lists = new Source();
            const verifyPeer = (): void => {
              lists.current = after;
            };
            const peers = peersOf(roles, protocol, side.configs(lists, revoked, { verifyPeer }));
            const session = await peers.session();
            expect(await failureOf(await peers.run({ session }), side)).toMatchObject(isRevoked);
          },
        },
      ];
    }),
);
