import type { ClientConfig } from '@org/tls-core';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { certificates, rootPem } from '../fixtures.ts';
import { identityOf, makeContexts } from '../memory-pair.ts';
import { revocationRootPem } from '../revocation-fixtures.ts';

/** Gives peers whose client has proven the server's chain before, in `count` full handshakes. */
async function acquainted(roles: Roles, client: ClientConfig = {}, count = 2): Promise<Peers> {
  const peers = new Peers(roles, { client: { trust: rootPem, ...client }, server: { tickets: 0 } });
  for (let round = 0; round < count; round += 1) await peers.open();
  return peers;
}

/** When the certificates of the kit's PKI expire. */
const lastDay = Date.UTC(2070, 0, 1);

/** A signature in the form of ECDSA's, which no key has made. */
const signatureOfNobody = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);

const impostor = {
  certificateChain: certificates['ecdsa-p256'].chainPem,
  signer: { signatureSchemes: ['ecdsa_secp256r1_sha256'], sign: () => signatureOfNobody },
};

/** Whoever was proven once is not believed in another matter: a backend may remember a proof, and never more than was proven. */
export const provenChainCases: readonly ConformanceCase[] = [
  {
    id: 'proven-chains/name',
    title: 'a chain that was proven for one name is refused for another',
    run: async (roles) => {
      const peers = await acquainted(roles);
      const pair = await peers.run({ serverName: 'other.test' });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_NAME' });
    },
  },
  {
    id: 'proven-chains/time',
    title:
      'a chain that was proven is refused once the clock has moved beyond its end, and accepted when the clock is set right',
    run: async (roles) => {
      let time = Date.now();
      const peers = await acquainted(roles, { clock: () => time });
      time = lastDay + 2 * 24 * 3_600_000;
      const { clientSink } = await peers.run();
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_EXPIRED' });
      time = Date.now();
      await peers.open();
    },
  },
  {
    id: 'proven-chains/chain',
    title: 'another chain for the same name is judged for itself',
    run: async (roles) => {
      const peers = await acquainted(roles);
      for (const certificate of ['untrusted', 'expired'] as const) {
        const { clientSink } = await peers.withServer({ certificate }).run();
        expect(clientSink.failure).toMatchObject({ family: 'certificate' });
      }
      await peers.open();
    },
  },
  {
    id: 'proven-chains/trust',
    title: 'a chain that one context has proven is refused by a context that trusts another root',
    run: async (roles) => {
      await acquainted(roles);
      const { clientSink } = await new Peers(roles, { client: { trust: revocationRootPem } }).run();
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    },
  },
  {
    id: 'proven-chains/refused',
    title: 'a chain that was refused is refused again',
    run: async (roles) => {
      const peers = new Peers(roles, { certificate: 'untrusted' });
      for (let round = 0; round < 3; round += 1) {
        const { clientSink } = await peers.run();
        expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
      }
    },
  },
  {
    id: 'proven-chains/verify-peer',
    title: '`verifyPeer` is asked in each full handshake, is shown the same, and may refuse whom it accepted before',
    run: async (roles) => {
      const paths: (readonly Uint8Array[])[] = [];
      const verifyPeer: ClientConfig['verifyPeer'] = ({ verifiedPath }) => {
        paths.push(verifiedPath);
        if (paths.length > 3) throw new Error('not any more');
      };
      const peers = await acquainted(roles, { verifyPeer }, 3);
      const { clientSink } = await peers.run();
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED' });
      expect(paths).toHaveLength(4);
      for (const path of paths) expect(path).toEqual(paths[0]);
    },
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).map((protocol): ConformanceCase => ({
    id: `proven-chains/key-${protocol.slice(4)}`,
    title: `in ${protocol} a server that shows a proven chain without having its key is refused`,
    applies: ({ client, server }) =>
      client.capabilities.client.protocols.includes(protocol) &&
      server.capabilities.server.protocols.includes(protocol),
    run: async (roles) => {
      const peers = await acquainted(roles, only(protocol));
      const { clientSink } = await peers.withServer({ server: { identity: impostor } }).run();
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_DECRYPT', alert: 51, direction: 'sent' });
    },
  })),
  {
    id: 'proven-chains/clients',
    title: 'a client that was proven before makes nobody else trusted',
    applies: ({ client }) => client.capabilities.client.features.clientAuthentication,
    run: async (roles) => {
      const server = { clientAuthentication: 'require', clientTrust: rootPem, tickets: 0 } as const;
      const { server: context } = makeContexts(roles, { server });
      const as = (client: ClientConfig): Peers => {
        const own = makeContexts(roles, { client }).client;
        return new Peers(roles, {}, { client: own, server: context });
      };
      const known = as({ identity: identityOf('wrongPurpose') });
      for (let round = 0; round < 2; round += 1) await known.open();
      const stranger = await as({ identity: identityOf('untrusted') }).run();
      expect(stranger.serverSink.failure).toMatchObject({ family: 'certificate' });
      await known.open();
    },
  },
];
