import { bothSpeak, common, type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { certificates, type FixtureName } from '../fixtures.ts';
import { byteByByte } from '../memory-pair.ts';

const applies = bothSpeak('TLSv1.2');
const client = only('TLSv1.2');

/** Cases of what TLS 1.2 (RFC 5246) does in its own way. */
export const tls12Cases: readonly ConformanceCase[] = [
  {
    id: 'tls-1.2/cipher-suites',
    title: 'each TLS 1.2 cipher suite that both sides claim works, and only with a certificate of its kind',
    applies,
    run: async (roles) => {
      const suites = tls12Suites(roles);
      expect(suites.length).toBeGreaterThan(0);
      for (const cipherSuite of suites) {
        const isRsa = cipherSuite.includes('_RSA_');
        if (!isRsa && !signsWithEcdsa(roles)) continue;
        for (const wire of [undefined, byteByByte]) {
          const certificate = isRsa ? 'rsa-2048' : 'ecdsa-p256';
          const peers = new Peers(roles, { certificate, client: { ...client, cipherSuites: [cipherSuite] } });
          const pair = await peers.open({}, wire);
          expectInfo(pair, { cipherSuite, protocol: 'TLSv1.2' });
          expect(pair.clientSink.info?.group).toBeDefined();
          await expectData(pair);
        }
        if (!signsWithEcdsa(roles)) continue;
        const certificate = isRsa ? 'ecdsa-p256' : 'rsa-2048';
        const pair = await new Peers(roles, {
          certificate,
          client: { ...client, cipherSuites: [cipherSuite] },
        }).run();
        expect(pair.serverSink.failure).toMatchObject({ alert: 40, direction: 'sent' });
      }
    },
  },
  {
    id: 'tls-1.2/server-cipher-suites',
    title: 'a server of both protocols serves each TLS 1.2 suite that is all it is told to',
    applies,
    run: async (roles) => {
      for (const cipherSuite of tls12Suites(roles)) {
        if (!cipherSuite.includes('_RSA_') && !signsWithEcdsa(roles)) continue;
        const certificate = cipherSuite.includes('_RSA_') ? 'rsa-2048' : 'ecdsa-p256';
        const pair = await new Peers(roles, { certificate, client, server: { cipherSuites: [cipherSuite] } }).open();
        expectInfo(pair, { cipherSuite });
      }
    },
  },
  {
    id: 'tls-1.2/groups',
    title: 'RFC 8422 §5.1.1 each elliptic curve that both sides claim works in TLS 1.2',
    applies,
    run: async (roles) => {
      for (const group of common(roles, 'groups').filter((name) =>
        ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'].includes(name),
      )) {
        // The certificate is not ECDSA, because these groups are the curves of certificates too (RFC 8422 §5.3).
        const options = {
          certificate: 'rsa-2048',
          client: { ...client, groups: [group] },
          server: { groups: [group] },
        } as const;
        const pair = await new Peers(roles, options).open();
        expectInfo(pair, { group });
      }
    },
  },
  ...(
    [
      ['ecdsa-p384', 'ecdsa_secp384r1_sha384'],
      ['ecdsa-p521', 'ecdsa_secp521r1_sha512'],
      ['rsa-2048', 'rsa_pss_rsae_sha256'],
      ['rsa-2048', 'rsa_pkcs1_sha256'],
      ['rsa-pss-2048', 'rsa_pss_pss_sha256'],
      ['ed25519', 'ed25519'],
    ] as const satisfies readonly (readonly [FixtureName, string])[]
  ).map(([certificate, signatureScheme]): ConformanceCase => ({
    id: `tls-1.2/certificate-${certificate}-${signatureScheme}`,
    title: `RFC 8446 §4.2.3 in TLS 1.2 a server with a certificate of ${certificate} can sign with ${signatureScheme}`,
    applies: (roles) =>
      applies(roles) &&
      common(roles, 'signatureSchemes').includes(signatureScheme) &&
      (certificate.startsWith('rsa') || signsWithEcdsa(roles)),
    run: async (roles) => {
      // The exact leaf is trusted, so that the issuer's signature needs no second scheme, which TLS 1.2 would let the server use.
      const trust = certificates[certificate].certificatePem;
      const options = { certificate, client: { ...client, trust, signatureSchemes: [signatureScheme] } };
      const pair = await new Peers(roles, options).open();
      expectInfo(pair, { signatureScheme });
    },
  })),
  {
    id: 'tls-1.2/extended-main-secret',
    title: 'RFC 7627 the keys are bound to the whole handshake, and both sides say so where they can tell',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, { client }).open();
      for (const { info } of [pair.clientSink, pair.serverSink])
        expect([true, undefined]).toContain(info?.extendedMainSecret);
    },
  },
  {
    id: 'tls-1.2/downgrade',
    title: 'RFC 7507 a second try with a lower version is refused by a server that speaks a higher one',
    applies: (roles) =>
      applies(roles) && bothSpeak('TLSv1.3')(roles) && roles.client.capabilities.client.options.includes('fallback'),
    run: async (roles) => {
      const fallback = { ...client, fallback: true };
      const refused = await new Peers(roles, { client: fallback }).run();
      expect(refused.serverSink.info).toBeUndefined();
      expect(refused.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 86, direction: 'received' });
      expectInfo(await new Peers(roles, { client: fallback, server: client }).open(), { protocol: 'TLSv1.2' });
    },
  },
  {
    id: 'tls-1.2/key-update',
    title: 'a key update is ERR_TLS_API_MISUSE in TLS 1.2, which has none',
    applies,
    run: async (roles) => {
      const pair = await new Peers(roles, { client }).open();
      expect(() => pair.client.requestKeyUpdate()).toThrow(expect.objectContaining({ code: 'ERR_TLS_API_MISUSE' }));
    },
  },
];

function tls12Suites(roles: Roles): readonly string[] {
  return common(roles, 'cipherSuites').filter((name) => name.includes('_WITH_'));
}
