import { bothHave, bothSpeak, common, type ConformanceCase, type Roles, signsWithEcdsa } from '../conformance-case.ts';
import { expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { certificates } from '../fixtures.ts';
import { identityOf } from '../memory-pair.ts';

const curves = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'] as const;
const schemes = ['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384', 'ecdsa_secp521r1_sha512'] as const;
/** Each curve's key with the hash that belongs to another curve. */
const crossed = curves.flatMap((certificate, own) =>
  schemes.filter((_, index) => index !== own).map((scheme) => ({ certificate, scheme })),
);
const takesAny = { clientAuthentication: 'require', dangerous: { acceptAnyClientCertificate: true } } as const;

/** In TLS 1.2 the scheme of an ECDSA signature names a hash; in TLS 1.3 it names a hash and a curve. */
export const tls12SignatureCases: readonly ConformanceCase[] = [
  ...crossed.map(({ certificate, scheme }): ConformanceCase => ({
    id: `tls-1.2/server-${certificate}-${scheme}`,
    title: `RFC 5246 §7.4.1.4.1 in TLS 1.2 a server with a key of ${certificate} signs with ${scheme} where the client takes no other`,
    applies: (roles) => bothSpeak('TLSv1.2')(roles) && areCommon(roles, scheme) && signsWithEcdsa(roles),
    run: async (roles) => {
      const { identity, client } = serving(certificate, scheme);
      const other = identityOf('rsa-2048');
      for (const server of [
        { identity },
        { identity: [other, identity] },
        { identity: { ...identity, signatureSchemes: [scheme] } },
      ]) {
        const pair = await new Peers(roles, { client: { ...client, ...only('TLSv1.2') }, server }).open();
        expectInfo(pair, { signatureScheme: scheme });
      }
    },
  })),
  ...crossed.map(({ certificate, scheme }): ConformanceCase => ({
    id: `tls-1.2/client-${certificate}-${scheme}`,
    title: `RFC 5246 §7.4.8 in TLS 1.2 a client with a key of ${certificate} signs with ${scheme} where the server takes no other`,
    applies: (roles) =>
      bothSpeak('TLSv1.2')(roles) && bothHave('clientAuthentication')(roles) && areCommon(roles, scheme),
    run: async (roles) => {
      const identity = identityOf(certificate);
      const server = { ...takesAny, signatureSchemes: [scheme] };
      for (const proof of [
        { identity },
        { identity: [identityOf('rsa-2048'), identity] },
        { identity: { ...identity, signatureSchemes: [scheme] } },
        { selectIdentity: () => identity },
      ]) {
        const pair = await new Peers(roles, { client: { ...only('TLSv1.2'), ...proof }, server }).open();
        expectInfo(pair, { clientAuthentication: 'provided', clientSignatureScheme: scheme });
      }
    },
  })),
  {
    id: 'tls-1.3/curve-and-hash',
    title: '§4.2.3 in TLS 1.3 no key of another curve signs with the scheme of a curve: handshake_failure',
    applies: (roles) => bothSpeak('TLSv1.3')(roles) && signsWithEcdsa(roles),
    run: async (roles) => {
      for (const { certificate, scheme } of crossed.filter((each) => areCommon(roles, each.scheme))) {
        const { identity, client } = serving(certificate, scheme);
        const pair = await new Peers(roles, { client: { ...client, ...only('TLSv1.3') }, server: { identity } }).run();
        expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: 40 });
      }
    },
  },
  {
    id: 'tls-1.2/curve-of-certificate',
    title: 'RFC 8422 §5.1 a server does not show a key on a curve that the client does not have: handshake_failure',
    applies: (roles) => bothSpeak('TLSv1.2')(roles) && signsWithEcdsa(roles),
    run: async (roles) => {
      const { identity, client } = serving('ecdsa-p384', 'ecdsa_secp256r1_sha256');
      const groups = ['secp256r1'];
      const options = { client: { ...client, ...only('TLSv1.2'), groups }, server: { identity } };
      const pair = await new Peers(roles, options).run();
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: 40 });
    },
  },
];

/** Gives options in which the exact leaf is trusted, so that the issuer's signature needs no second scheme. */
function serving(certificate: (typeof curves)[number], scheme: string) {
  const trust = certificates[certificate].certificatePem;
  return { identity: identityOf(certificate), client: { trust, signatureSchemes: [scheme] } };
}

function areCommon(roles: Roles, scheme: string): boolean {
  return common(roles, 'signatureSchemes').includes(scheme);
}
