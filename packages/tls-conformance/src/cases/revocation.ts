import type { ClientConfig, Identity, Revocation, ServerConfig } from '@org/tls-core';
import { type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { handshake } from './handshake.ts';
import type { FixtureCertificate } from '../fixture-certificate.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte, MemoryPair } from '../memory-pair.ts';
import { good, revocationListPem, revocationRootPem, revoked } from '../revocation-fixtures.ts';

function identityOf({ chainPem, privateKeyPem }: FixtureCertificate): Identity {
  return { certificateChain: chainPem, privateKey: privateKeyPem };
}

const revocation: Revocation = { crls: [revocationListPem] };
const isRevoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44, direction: 'sent', nodeCode: 'CERT_REVOKED' };
const isUnknown = { code: 'ERR_TLS_CERTIFICATE_STATUS', direction: 'sent' };

/** The certificates of servers are for ECDSA. */
const clientLooks: ConformanceCase['applies'] = (roles) =>
  roles.client.capabilities.client.options.includes('revocation') && signsWithEcdsa(roles);
const serverLooks: ConformanceCase['applies'] = ({ client, server }) =>
  server.capabilities.server.options.includes('revocation') && client.capabilities.client.features.clientAuthentication;

/** Gives the failure of the side that refuses. It must be the same with all bytes at once and one by one. */
async function failureOf(
  roles: Roles,
  refusing: 'clientSink' | 'serverSink',
  configs: { readonly client?: ClientConfig; readonly server: Partial<ServerConfig> },
) {
  const failures: unknown[] = [];
  for (const wire of [undefined, byteByByte]) {
    const pair = new MemoryPair(roles, configs);
    await pair.settle(wire);
    failures.push(pair[refusing].failure);
  }
  return failures;
}

/** Cases of certificate revocation lists (RFC 5280 §6.3). */
export const revocationCases: readonly ConformanceCase[] = [
  {
    id: 'revocation/server-revoked',
    title: 'RFC 5280 §6.3 a server whose certificate is revoked is refused with certificate_revoked',
    applies: clientLooks,
    run: async (roles) => {
      const client = { trust: revocationRootPem, revocation };
      for (const failure of await failureOf(roles, 'clientSink', { client, server: { identity: identityOf(revoked) } }))
        expect(failure).toMatchObject(isRevoked);
    },
  },
  {
    id: 'revocation/server-good',
    title: 'RFC 5280 §6.3 a server whose certificate is on no list of its issuer is accepted',
    applies: clientLooks,
    run: async (roles) => {
      const client = { trust: revocationRootPem, revocation };
      await handshake(roles, { client, server: { identity: identityOf(good) } });
    },
  },
  {
    id: 'revocation/unknown',
    title: 'RFC 5280 §6.3 a certificate of which no list says anything is refused, unless the unknown is accepted',
    applies: clientLooks,
    run: async (roles) => {
      for (const failure of await failureOf(roles, 'clientSink', {
        client: { trust: rootPem, revocation },
        server: {},
      }))
        expect(failure).toMatchObject(isUnknown);
      await handshake(roles, {
        client: { trust: rootPem, revocation: { ...revocation, unknownStatus: 'accept' } },
      });
    },
  },
  {
    id: 'revocation/out-of-date',
    title: 'RFC 5280 §6.3.3 a list that is out of date says nothing, by the configuration’s clock',
    applies: clientLooks,
    run: async (roles) => {
      const client = { trust: revocationRootPem, revocation, clock: () => Date.UTC(2019, 11, 31, 23, 59, 59) };
      const failures = await failureOf(roles, 'clientSink', { client, server: { identity: identityOf(good) } });
      for (const failure of failures) expect(failure).toMatchObject({ family: 'certificate' });
    },
  },
  {
    id: 'revocation/client-revoked',
    title: 'RFC 5280 §6.3 a client whose certificate is revoked is refused with certificate_revoked',
    applies: serverLooks,
    run: async (roles) => {
      const server = { clientAuthentication: 'require', clientTrust: revocationRootPem, revocation } as const;
      const failures = await failureOf(roles, 'serverSink', { client: { identity: identityOf(revoked) }, server });
      for (const failure of failures) expect(failure).toMatchObject(isRevoked);
      await handshake(roles, { client: { identity: identityOf(good) }, server });
    },
  },
  {
    id: 'revocation/unusable',
    title: 'a list that cannot be read is refused when the context is made',
    applies: clientLooks,
    run: (roles) => {
      const crls = [revocationRootPem];
      expect(() => roles.client.createClientContext({ trust: revocationRootPem, revocation: { crls } })).toThrow(
        expect.objectContaining({ code: 'ERR_TLS_CONFIG' }),
      );
    },
  },
];
