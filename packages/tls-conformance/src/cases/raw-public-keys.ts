import type { ClientConfig, PeerVerification, RawPublicKeyIdentity } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { pem } from '../fixture-certificate.ts';
import { spkiOf } from '../fixture-keys.ts';
import { certificates, rootPem, type FixtureName } from '../fixtures.ts';
import { byteByByte, identityOf } from '../memory-pair.ts';

const rawIdentity = (name: FixtureName): RawPublicKeyIdentity => ({
  rawPublicKey: spkiOf(name),
  privateKey: certificates[name].privateKeyPem,
});

/** Cases of keys without certificates (RFC 7250). */
export const rawPublicKeyCases: readonly ConformanceCase[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (protocol): ConformanceCase[] => {
    const applies: ConformanceCase['applies'] = (roles) =>
      bothSpeak(protocol)(roles) && bothHave('rawPublicKeys')(roles);
    const id = (name: string): string => `raw-public-key/${name}-${protocol.slice(4)}`;
    const accepting = (...names: readonly FixtureName[]): ClientConfig => ({
      ...only(protocol),
      peerCertificateTypes: ['RawPublicKey'],
      trustedPublicKeys: names.map((name) => spkiOf(name)),
    });
    return [
      {
        id: id('server'),
        title: `RFC 7250 §4 a server proves itself with a key that the client knows, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const name of ['ecdsa-p256', 'rsa-2048', 'ed25519'] as const) {
            for (const wire of [undefined, byteByByte]) {
              const seen: PeerVerification[] = [];
              const verifyPeer = (verification: PeerVerification) => void seen.push(verification);
              const pair = await new Peers(roles, {
                client: { ...accepting('wildcard', name), verifyPeer },
                server: { identity: rawIdentity(name) },
              }).open({}, wire);
              expect(pair.clientSink.info?.peer).toMatchObject({ chain: [], verifiedPath: [] });
              expect(pair.clientSink.info?.peer?.rawPublicKey).toEqual(spkiOf(name));
              expect(seen[0]).toMatchObject({ chain: [], rawPublicKey: spkiOf(name) });
              await expectData(pair);
            }
          }
        },
      },
      {
        id: id('pem'),
        title: `a raw public key can be given as PEM (${protocol})`,
        applies,
        run: async (roles) => {
          const rawPublicKey = pem('PUBLIC KEY', btoa(String.fromCodePoint(...spkiOf('ecdsa-p256'))));
          const identity = { ...rawIdentity('ecdsa-p256'), rawPublicKey };
          await new Peers(roles, { client: accepting('ecdsa-p256'), server: { identity } }).open();
        },
      },
      {
        id: id('unknown'),
        title: `a key that the client does not know is refused inside the handshake, in ${protocol}`,
        applies,
        run: async (roles) => {
          const pair = await new Peers(roles, {
            client: accepting('wildcard'),
            server: { identity: rawIdentity('ecdsa-p256') },
          }).run();
          expect(pair.clientSink.info).toBeUndefined();
          expect(pair.serverSink.info).toBeUndefined();
          expect(pair.clientSink.failure).toMatchObject({ family: 'certificate', direction: 'sent' });
          expect(pair.serverSink.failure).toMatchObject({
            code: 'ERR_TLS_ALERT',
            alert: pair.clientSink.failure?.alert,
          });
        },
      },
      {
        id: id('none-in-common'),
        title: `RFC 7250 §4.2 without a kind of certificate in common there is no connection, in ${protocol}`,
        applies,
        run: async (roles) => {
          for (const { client, identity } of [
            { client: accepting('ecdsa-p256'), identity: identityOf('ecdsa-p256') },
            { client: only(protocol), identity: rawIdentity('ecdsa-p256') },
          ]) {
            const pair = await new Peers(roles, { client, server: { identity } }).run();
            expect(pair.clientSink.info ?? pair.serverSink.info).toBeUndefined();
            // The alert is unsupported_certificate (RFC 7250 §4.2), or handshake_failure, because nothing can be agreed on.
            expect([40, 43]).toContain(pair.serverSink.failure?.alert);
            expect(pair.serverSink.failure?.direction).toBe('sent');
          }
        },
      },
      {
        id: id('preference'),
        title: `where both kinds would do, the client’s order of preference or a server’s identities decide, in ${protocol}`,
        applies,
        run: async (roles) => {
          const peerCertificateTypes = ['RawPublicKey', 'X509'] as const;
          const client = { ...accepting('ecdsa-p256'), peerCertificateTypes };
          const withKey = await new Peers(roles, { client, server: { identity: rawIdentity('ecdsa-p256') } }).open();
          expect(withKey.clientSink.info?.peer?.rawPublicKey).toBeDefined();
          const withChain = await new Peers(roles, { client, server: { identity: identityOf('ecdsa-p256') } }).open();
          expect(withChain.clientSink.info?.peer?.chain).toHaveLength(1);
          expect(withChain.clientSink.info?.peer?.rawPublicKey).toBeUndefined();
        },
      },
      {
        id: id('client'),
        title: `RFC 7250 §4 a client proves itself with a key that the server knows, in ${protocol}`,
        applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
        run: async (roles) => {
          for (const trusted of ['wildcard', 'ecdsa-p256'] as const) {
            const pair = await new Peers(roles, {
              client: { ...only(protocol), identity: rawIdentity('wildcard') },
              server: {
                clientAuthentication: 'require',
                peerCertificateTypes: ['RawPublicKey'],
                trustedPublicKeys: [spkiOf(trusted)],
              },
            }).run();
            if (trusted === 'wildcard') {
              expectInfo(pair, { clientAuthentication: 'provided' });
              expect(pair.serverSink.info?.peer?.rawPublicKey).toEqual(spkiOf('wildcard'));
            } else {
              expect(pair.serverSink.info).toBeUndefined();
              expect(pair.serverSink.failure).toMatchObject({ family: 'certificate', direction: 'sent' });
            }
          }
        },
      },
      {
        id: id('client-either'),
        title: `a server that takes both kinds from clients gets what each has, in ${protocol}`,
        applies: (roles) => applies(roles) && bothHave('clientAuthentication')(roles),
        run: async (roles) => {
          for (const identity of [rawIdentity('wildcard'), identityOf('wrongPurpose')]) {
            const pair = await new Peers(roles, {
              client: { ...only(protocol), identity },
              server: {
                clientAuthentication: 'require',
                clientTrust: rootPem,
                peerCertificateTypes: ['RawPublicKey', 'X509'],
                trustedPublicKeys: [spkiOf('wildcard')],
              },
            }).open();
            expectInfo(pair, { clientAuthentication: 'provided' });
          }
        },
      },
      {
        id: id('resumed'),
        title: `a session of ${protocol} with a raw public key is resumed`,
        applies: (roles) => applies(roles) && bothHave('resumption')(roles),
        run: async (roles) => {
          const peers = new Peers(roles, {
            client: accepting('ecdsa-p256'),
            server: { identity: rawIdentity('ecdsa-p256') },
          });
          const pair = await peers.open({ session: await peers.session() });
          expectInfo(pair, { resumed: true });
          expect(pair.clientSink.info?.peer?.rawPublicKey).toEqual(spkiOf('ecdsa-p256'));
        },
      },
    ];
  },
);
