import type { ClientConfig, Identity } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expectOpen, only } from '../connections.ts';
import { expect } from '../expect.ts';
import type { FixtureCertificate } from '../fixture-certificate.ts';
import { MemoryPair } from '../memory-pair.ts';
import { rsaListPem, rsaMustStaple, rsaResponses, rsaRevoked, rsaRootPem } from '../rsa-fixtures.ts';

const client: ClientConfig = { trust: rsaRootPem, clock: () => Date.UTC(2030, 0, 1) };

function identityOf({ chainPem, privateKeyPem }: FixtureCertificate, response?: string): Identity {
  const ocspResponse = response && Uint8Array.from(atob(response), (character) => character.charCodeAt(0));
  return { certificateChain: chainPem, privateKey: privateKeyPem, ...(ocspResponse && { ocspResponse }) };
}

async function meet(roles: Roles, identity: Identity, more: ClientConfig): Promise<MemoryPair> {
  const pair = new MemoryPair(roles, { client: { ...client, ...more }, server: { identity } });
  await pair.settle();
  return pair;
}

const isRevoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44, direction: 'sent' };

/**
 * RSA signatures whose algorithm has no parameters, which must be taken like those with NULL (RFC 4055 §5). The certificate matrix has the row
 * of certificates.
 */
export const rsaWithoutParametersCases: readonly ConformanceCase[] = [
  {
    id: 'rsa-without-parameters/list',
    title: 'RFC 4055 §5 a revocation list whose RSA signature has no parameters counts',
    applies: (roles) => roles.client.capabilities.client.options.includes('revocation') && signsWithEcdsa(roles),
    run: async (roles) => {
      const revocation = { crls: [rsaListPem] };
      const refused = await meet(roles, identityOf(rsaRevoked), { revocation });
      expect(refused.clientSink.failure).toMatchObject(isRevoked);
      expectOpen(await meet(roles, identityOf(rsaMustStaple), { revocation, ocspStapling: false }));
    },
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).map((protocol): ConformanceCase => ({
    id: `rsa-without-parameters/response-${protocol.slice(4)}`,
    title: `RFC 4055 §5 an OCSP response whose RSA signature has no parameters counts in ${protocol}`,
    applies: (roles) => bothSpeak(protocol)(roles) && bothHave('ocspStapling')(roles),
    run: async (roles) => {
      const version = only(protocol);
      expectOpen(await meet(roles, identityOf(rsaMustStaple, rsaResponses.good), version));
      const refused = await meet(roles, identityOf(rsaMustStaple, rsaResponses.revoked), version);
      expect(refused.clientSink.failure).toMatchObject(isRevoked);
      const lacking = await meet(roles, identityOf(rsaMustStaple), version);
      expect(lacking.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_STATUS' });
    },
  })),
];
