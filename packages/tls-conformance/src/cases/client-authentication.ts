import type { CertificateRequestInfo, ClientConfig, PeerVerification, ServerConfig } from '@org/tls-core';
import { bothHave, bothSpeak, common, type ConformanceCase } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { matrixLeaves, matrixPrivateKey, matrixRoot } from '../certificate-matrix/matrix-row.ts';
import { expect } from '../expect.ts';
import { pem } from '../fixture-certificate.ts';
import { certificates, rootPem, type FixtureName } from '../fixtures.ts';
import { byteByByte, identityOf, join, text } from '../memory-pair.ts';

/** An identity whose certificate is for clients. */
const identity = identityOf('wrongPurpose');
const expired = {
  certificateChain: pem('CERTIFICATE', matrixLeaves.expiredClient),
  privateKey: pem('PRIVATE KEY', matrixPrivateKey),
};
/** The distinguished name of the kit's root, as DER. */
const rootName = join([
  Uint8Array.of(0x30, 0x1b, 0x31, 0x19, 0x30, 0x17, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x10),
  text('Conformance Root'),
]);
const otherName = Uint8Array.from(rootName, (byte, index) => (index === rootName.length - 1 ? 0x21 : byte));
const request: Partial<ServerConfig> = { clientAuthentication: 'request', clientTrust: rootPem };
const require: Partial<ServerConfig> = { clientAuthentication: 'require', clientTrust: rootPem };

/** Clients that authenticate with a certificate (RFC 8446 §4.3.2, RFC 5246 §7.4.4). */
export const clientAuthenticationCases: readonly ConformanceCase[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (protocol): ConformanceCase[] => {
    const applies: ConformanceCase['applies'] = (roles) =>
      bothSpeak(protocol)(roles) && bothHave('clientAuthentication')(roles);
    const id = (name: string): string => `client-authentication/${name}-${protocol.slice(4)}`;
    const client: ClientConfig = only(protocol);
    return [
      {
        id: id('none'),
        title: `a client is not asked by default, and then says nothing of itself, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, { client: { ...client, identity } }).open();
          expectInfo(pair, { clientAuthentication: 'none', clientSignatureScheme: undefined });
          expect(pair.serverSink.info?.peer).toBeUndefined();
        },
      },
      {
        id: id('provided'),
        title: `a client that is asked proves itself, and the server knows its chain, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const server of [request, require]) {
            for (const wire of [undefined, byteByByte]) {
              const peers = new Peers(roles, { client: { ...client, identity }, server });
              const pair = await peers.open({}, wire);
              const clientSignatureScheme = 'ecdsa_secp256r1_sha256';
              expectInfo(pair, { clientAuthentication: 'provided', clientSignatureScheme });
              expect(pair.clientSink.info?.identityIndex).toBe(0);
              expect(pair.serverSink.info?.peer?.chain).toHaveLength(1);
              expect(pair.serverSink.info?.peer?.verifiedPath).toHaveLength(2);
              await expectData(pair);
            }
          }
        },
      },
      {
        id: id('nothing-to-show'),
        title: `a client without a certificate is served where one is only asked for, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, { client, server: request }).open();
          expectInfo(pair, { clientAuthentication: 'requested', clientSignatureScheme: undefined });
          expect(pair.serverSink.info?.peer).toBeUndefined();
          await expectData(pair);
        },
      },
      {
        id: id('required'),
        title: `§4.4.2.4 a client without a certificate is refused where one is required, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, { client, server: require }).run();
          expect(pair.serverSink.info).toBeUndefined();
          expect(pair.serverSink.failure).toMatchObject({
            code: 'ERR_TLS_CERTIFICATE_REQUIRED',
            direction: 'sent',
            family: 'certificate',
          });
          // TLS 1.2 has no alert of its own for a missing certificate (RFC 5246 §7.4.6).
          const alert = protocol === 'TLSv1.3' ? 116 : 40;
          expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
        },
      },
      ...(
        [
          ['untrusted', identity, { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: 48 }],
          ['wrong-purpose', identityOf('ecdsa-p256'), { code: 'ERR_TLS_CERTIFICATE_PURPOSE', alert: 43 }],
          ['expired', expired, { code: 'ERR_TLS_CERTIFICATE_EXPIRED', alert: 45 }],
        ] as const
      ).map(([name, own, failure]): ConformanceCase => ({
        id: id(name),
        title: `a client’s certificate (${name}) is refused with ${failure.code} in ${protocol}`,
        applies,
        run: async (roles) => {
          const clientTrust = name === 'untrusted' ? certificates.selfSigned.certificatePem : rootPem;
          for (const server of [request, require]) {
            const trusted = name === 'expired' ? pem('CERTIFICATE', matrixRoot) : clientTrust;
            const options = { client: { ...client, identity: own }, server: { ...server, clientTrust: trusted } };
            const pair = await new Peers(roles, options).run();
            expect(pair.serverSink.failure).toMatchObject({ ...failure, direction: 'sent' });
            expect(pair.serverSink.info).toBeUndefined();
            expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: failure.alert });
          }
        },
      })),
      {
        id: id('accept-any'),
        title: `only \`dangerous.acceptAnyClientCertificate\` takes any, of each key type, and calls none verified, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const [name, scheme] of [
            ['ecdsa-p256', 'ecdsa_secp256r1_sha256'],
            ['ecdsa-p384', 'ecdsa_secp384r1_sha384'],
            ['ecdsa-p521', 'ecdsa_secp521r1_sha512'],
            ['rsa-2048', 'rsa_pss_rsae_sha256'],
            ['rsa-pss-2048', 'rsa_pss_pss_sha256'],
            ['ed25519', 'ed25519'],
            ['selfSigned', 'ecdsa_secp256r1_sha256'],
          ] as const satisfies readonly (readonly [FixtureName, string])[]) {
            if (!common(roles, 'signatureSchemes').includes(scheme)) continue;
            const pair = await new Peers(roles, {
              client: { ...client, identity: identityOf(name) },
              server: { clientAuthentication: 'require', dangerous: { acceptAnyClientCertificate: true } },
            }).open();
            expect(pair.serverSink.info?.peer?.chain, name).toHaveLength(1);
            expect(pair.serverSink.info?.peer?.verifiedPath, name).toEqual([]);
            expect(pair.serverSink.info?.clientAuthentication, name).toBe('provided');
          }
        },
      },
      {
        id: id('verify-peer'),
        title: `a server’s verifyPeer judges the client’s chain, and can refuse it, in ${protocol}`,
        applies,
        run: async (roles) => {
          const seen: PeerVerification[] = [];
          const verifyPeer = (verification: PeerVerification): void => {
            seen.push(verification);
            if (seen.length > 1) throw new Error('not on the list');
          };
          const peers = new Peers(roles, { client: { ...client, identity }, server: { ...require, verifyPeer } });
          await peers.open();
          expect(seen[0]).toMatchObject({ role: 'server', serverName: undefined, resumed: false });
          expect(seen[0]?.verifiedPath).toHaveLength(2);
          const refused = await peers.run();
          expect(refused.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED', alert: 46 });
        },
      },
      {
        id: id('by-scheme'),
        title: `a client uses the identity that the server can verify, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, {
            client: { ...client, identity: [identityOf('rsa-2048'), identity] },
            server: { ...require, signatureSchemes: ['ecdsa_secp256r1_sha256'] },
          }).open();
          expect(pair.clientSink.info?.identityIndex).toBe(1);
        },
      },
      {
        id: id('by-issuer'),
        title: `§4.2.4 with mustMatchIssuer an identity is used only for a server that names its issuer, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const [certificateAuthorities, expected] of [
            [[otherName, rootName], 'provided'],
            [[otherName], 'requested'],
          ] as const) {
            const pair = await new Peers(roles, {
              client: { ...client, identity: { ...identity, mustMatchIssuer: true } },
              server: { ...request, certificateAuthorities },
            }).open();
            expectInfo(pair, { clientAuthentication: expected });
          }
        },
      },
      {
        id: id('select-identity'),
        title: `a client’s selectIdentity sees the request, and chooses or declines, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const chosen of [identity, undefined]) {
            const seen: CertificateRequestInfo[] = [];
            const selectIdentity = (info: CertificateRequestInfo) => {
              seen.push(info);
              return chosen;
            };
            const peers = new Peers(roles, {
              client: { ...client, selectIdentity },
              server: { ...request, certificateAuthorities: [rootName] },
            });
            const pair = await peers.open();
            expect(seen).toHaveLength(1);
            expect(seen[0]?.signatureSchemes).toContain(0x0403);
            expect(seen[0]?.certificateAuthorities.map((name) => [...name])).toEqual([[...rootName]]);
            expectInfo(pair, { clientAuthentication: chosen === undefined ? 'requested' : 'provided' });
            expect(pair.clientSink.info?.identityIndex).toBeUndefined();
          }
        },
      },
      {
        id: id('select-identity-by-scheme'),
        title: `of several identities that a client’s selectIdentity gives the one is used that the server can verify, in ${protocol}`,
        applies,
        run: async (roles) => {
          const selectIdentity = () => [identityOf('rsa-2048'), identity];
          const pair = await new Peers(roles, {
            client: { ...client, selectIdentity },
            server: { ...require, signatureSchemes: ['ecdsa_secp256r1_sha256'] },
          }).open();
          expectInfo(pair, { clientAuthentication: 'provided' });
          expect(pair.clientSink.info?.identityIndex).toBeUndefined();
        },
      },
      {
        id: id('not-asked'),
        title: `a client’s selectIdentity is not called where the server does not ask, in ${protocol}`,
        applies,
        run: async (roles) => {
          const selectIdentity = () => {
            throw new Error('nobody asked');
          };
          await new Peers(roles, { client: { ...client, selectIdentity } }).open();
        },
      },
      {
        id: id('chain'),
        title: `a client’s identity as PEM with more than one certificate is sent whole, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, {
            client: { ...client, identity: identityOf('underIntermediate') },
            server: { clientAuthentication: 'require', dangerous: { acceptAnyClientCertificate: true } },
          }).open();
          expect(pair.serverSink.info?.peer?.chain).toHaveLength(2);
        },
      },
      {
        id: id('resumed'),
        title: `who the client is stays known when its session of ${protocol} is resumed`,
        applies: (roles) => applies(roles) && bothHave('resumption')(roles),
        run: async (roles) => {
          const peers = new Peers(roles, { client: { ...client, identity }, server: require });
          const pair = await peers.open({ session: await peers.session() });
          expectInfo(pair, { resumed: true, clientAuthentication: 'provided' });
          expect(pair.serverSink.info?.peer?.chain).toHaveLength(1);
          expect(pair.serverSink.info?.peer?.verifiedPath).toHaveLength(2);
        },
      },
      {
        id: id('resumed-without'),
        title: `a session of ${protocol} that was made without a client’s certificate is not resumed where one is required`,
        applies: (roles) => applies(roles) && bothHave('resumption')(roles),
        run: async (roles) => {
          const ticketKeys = { current: () => [{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(1) }] };
          const before = new Peers(roles, { client, server: { ticketKeys } });
          const session = await before.session();
          const pair = await before.withServer({ server: { ...require, ticketKeys } }).run({ session });
          expect(pair.serverSink.info).toBeUndefined();
          expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REQUIRED' });
        },
      },
    ];
  },
);
