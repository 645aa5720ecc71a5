import type { ClientConfig, Identity, TlsErrorCode, TrustAnchor } from '@org/tls-core';
import { oddRows } from '../certificate-matrix/odd-forms.ts';
import { matrixAnchor, matrixLeaves, matrixPrivateKey, matrixRoot } from '../certificate-matrix/matrix-row.ts';
import { type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expectOpen } from '../connections.ts';
import { expect } from '../expect.ts';
import { pem } from '../fixture-certificate.ts';
import { MemoryPair } from '../memory-pair.ts';

const trust = pem('CERTIFICATE', matrixRoot);

/** A chain whose certificates all have the policy 1.3.6.1.4.1.1. */
const chainWithPolicy = oddRows.find(({ id }) => id === 'odd-policy-held')?.chain ?? [];

const identityOf = (...chain: readonly string[]): Identity => ({
  certificateChain: chain.map((each) => pem('CERTIFICATE', each)).join(''),
  privateKey: pem('PRIVATE KEY', matrixPrivateKey),
});

function knows(option: 'certificatePolicies' | 'certificateProfile' | 'ocspStapling'): (roles: Roles) => boolean {
  return (roles) => roles.client.capabilities.client.options.includes(option) && signsWithEcdsa(roles);
}

/** Gives the code with which the client refuses a leaf, or a chain that begins with one; `undefined` where it accepts it. */
async function codeOf(
  roles: Roles,
  chain: string | readonly string[],
  client: ClientConfig,
): Promise<TlsErrorCode | undefined> {
  const pair = new MemoryPair(roles, { client, server: { identity: identityOf(...[chain].flat()) } });
  await pair.settle();
  if (pair.clientSink.failure === undefined) expectOpen(pair);
  return pair.clientSink.failure?.code;
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Tells whether a context accepts an anchor without a certificate. A backend that needs the certificate must say so. */
function contextTakes({ client }: Roles, anchor: TrustAnchor): boolean {
  try {
    client.createClientContext({ trust: anchor });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_TLS_UNSUPPORTED', option: 'trust' });
    return false;
  }
}

/** Cases of options that change which certificates are accepted. */
export const certificateOptionCases: readonly ConformanceCase[] = [
  {
    id: 'certificate-options/profile',
    title: 'a leaf without an extKeyUsage is accepted, but not under the profile of public CAs',
    applies: knows('certificateProfile'),
    run: async (roles) => {
      for (const certificateProfile of ['compatible', 'rfc5280'] as const)
        expect(await codeOf(roles, matrixLeaves.withoutEku, { trust, certificateProfile })).toBeUndefined();
      const code = await codeOf(roles, matrixLeaves.withoutEku, { trust, certificateProfile: 'webpki' });
      expect(code).toMatch(/^ERR_TLS_CERTIFICATE_/);
    },
  },
  {
    id: 'certificate-options/policies',
    title: 'RFC 5280 §6.1.5 (g) a chain is refused that has none of the policies that are acceptable',
    applies: knows('certificatePolicies'),
    run: async (roles) => {
      const client = (...certificatePolicies: readonly string[]): ClientConfig => ({ trust, certificatePolicies });
      for (const acceptable of [['1.3.6.1.4.1.1'], ['1.3.6.1.4.1.2', '1.3.6.1.4.1.1'], ['2.5.29.32.0']])
        expect(await codeOf(roles, chainWithPolicy, client(...acceptable))).toBeUndefined();
      expect(await codeOf(roles, chainWithPolicy, client('1.3.6.1.4.1.2'))).toBe('ERR_TLS_CERTIFICATE_BAD');
      expect(await codeOf(roles, matrixLeaves.withoutEku, client('2.5.29.32.0'))).toBe('ERR_TLS_CERTIFICATE_BAD');
    },
  },
  {
    id: 'certificate-options/must-staple',
    title: 'RFC 7633 §4.2.3.1 a certificate that must staple is refused without a response, where one was asked for',
    applies: knows('ocspStapling'),
    run: async (roles) => {
      expect(await codeOf(roles, matrixLeaves.mustStaple, { trust })).toBe('ERR_TLS_CERTIFICATE_STATUS');
      expect(await codeOf(roles, matrixLeaves.mustStaple, { trust, ocspStapling: false })).toBeUndefined();
    },
  },
  {
    id: 'certificate-options/trust-anchor',
    title: 'RFC 5280 §6.1.1 (d) a trust anchor without a certificate is trusted like one, or refused by name',
    applies: signsWithEcdsa,
    run: async (roles) => {
      const anchor = {
        subject: bytes(matrixAnchor.subject),
        subjectPublicKeyInfo: bytes(matrixAnchor.subjectPublicKeyInfo),
      };
      if (!contextTakes(roles, anchor)) return;
      expect(await codeOf(roles, matrixLeaves.withoutEku, { trust: anchor })).toBeUndefined();
      const nameConstraints = Uint8Array.of(0x30, 8, 0xa0, 6, 0x30, 4, 0x82, 2, 0x61, 0x62);
      expect(await codeOf(roles, matrixLeaves.withoutEku, { trust: { ...anchor, nameConstraints } })).toBe(
        'ERR_TLS_CERTIFICATE_BAD',
      );
    },
  },
];
