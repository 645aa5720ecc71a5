import type { Identity, MaybePromise, ProtocolVersion, Signer } from '@org/tls-core';
import { bothHave, bothSpeak, common, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { signBy } from '../fixture-keys.ts';
import { certificates, type FixtureName } from '../fixtures.ts';
import { byteByByte, identityOf, text, type ContextOptions } from '../memory-pair.ts';

type Role = 'client' | 'server';

/** A scheme, and a certificate whose key signs with it. */
interface Row {
  readonly scheme: string;
  readonly certificate: FixtureName;
  /** Whether TLS 1.3 does not allow it for the handshake's signature (RFC 8446 §4.2.3). */
  readonly isTls12Only?: true;
}

const rows: readonly Row[] = [
  { scheme: 'ecdsa_secp256r1_sha256', certificate: 'ecdsa-p256' },
  { scheme: 'ecdsa_secp384r1_sha384', certificate: 'ecdsa-p384' },
  { scheme: 'ecdsa_secp521r1_sha512', certificate: 'ecdsa-p521' },
  { scheme: 'ed25519', certificate: 'ed25519' },
  ...['sha256', 'sha384', 'sha512'].flatMap((digest): readonly Row[] => [
    { scheme: `rsa_pss_rsae_${digest}`, certificate: 'rsa-2048' },
    { scheme: `rsa_pss_pss_${digest}`, certificate: 'rsa-pss-2048' },
    { scheme: `rsa_pkcs1_${digest}`, certificate: 'rsa-2048', isTls12Only: true },
  ]),
];

const takesAny = { clientAuthentication: 'require', dangerous: { acceptAnyClientCertificate: true } } as const;
const rsaSchemes = ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512', 'rsa_pkcs1_sha256'] as const;

/** Signs with a certificate's key, and notes what it was asked for. */
class NotingSigner implements Signer {
  readonly asked: string[] = [];
  readonly signatureSchemes: readonly string[];
  readonly #certificate: FixtureName;

  constructor(certificate: FixtureName, signatureSchemes: readonly string[]) {
    this.signatureSchemes = signatureSchemes;
    this.#certificate = certificate;
  }

  sign(scheme: string, input: Uint8Array): MaybePromise<Uint8Array> {
    this.asked.push(scheme);
    return signBy(this.#certificate, scheme, input);
  }
}

/** Cases of identities that sign elsewhere, and of such as sign with certain schemes only. */
export const signerCases: readonly ConformanceCase[] = [
  ...rows.map((row): ConformanceCase => ({
    id: `signer/${row.scheme}`,
    title: `a signer that has only ${row.scheme} is asked for that, as server and as client`,
    applies: (roles) => canSign(roles) && common(roles, 'signatureSchemes').includes(row.scheme),
    run: async (roles) => {
      for (const protocol of protocolsOf(roles, row)) {
        for (const role of rolesOf(roles)) {
          const signer = new NotingSigner(row.certificate, [row.scheme]);
          await expectScheme(roles, role, protocol, row.scheme, signed(row.certificate, signer));
          expect(signer.asked).toEqual([row.scheme]);
        }
      }
    },
  })),
  ...rows.map((row): ConformanceCase => ({
    id: `identity/only-${row.scheme}`,
    title: `an identity with a private key signs with no other scheme than its only one, ${row.scheme}, as server and as client`,
    applies: (roles) => canSign(roles) && common(roles, 'signatureSchemes').includes(row.scheme),
    run: async (roles) => {
      const identity = { ...identityOf(row.certificate), signatureSchemes: [row.scheme] };
      for (const protocol of protocolsOf(roles, row)) {
        for (const role of rolesOf(roles)) await expectScheme(roles, role, protocol, row.scheme, identity);
      }
    },
  })),
  {
    id: 'signer/order',
    title:
      'of the schemes that a peer accepts, the first of the signer is used, or the first of the identity where it has a list',
    applies: (roles) => canSign(roles) && hasAll(roles, rsaSchemes),
    run: async (roles) => {
      const signer = new NotingSigner('rsa-2048', [
        'rsa_pss_rsae_sha384',
        'rsa_pss_rsae_sha512',
        'rsa_pss_rsae_sha256',
      ]);
      const identity = signed('rsa-2048', signer);
      const listed = {
        ...identity,
        signatureSchemes: ['rsa_pkcs1_sha256', 'rsa_pss_rsae_sha512', 'rsa_pss_rsae_sha384'],
      };
      for (const protocol of protocolsOf(roles)) {
        for (const role of rolesOf(roles)) {
          await expectScheme(roles, role, protocol, 'rsa_pss_rsae_sha384', identity);
          await expectScheme(roles, role, protocol, 'rsa_pss_rsae_sha512', listed);
        }
      }
    },
  },
  {
    id: 'signer/chosen',
    title: 'an identity that a hook chooses, with a signer or a key, signs with nothing that it does not have',
    applies: (roles) => canSign(roles) && hasAll(roles, rsaSchemes),
    run: async (roles) => {
      for (const row of rows.filter(({ certificate }) => certificate === 'rsa-2048')) {
        for (const protocol of protocolsOf(roles, row)) {
          for (const role of rolesOf(roles)) {
            const signer = new NotingSigner('rsa-2048', [row.scheme]);
            const restricted = { ...identityOf('rsa-2048'), signatureSchemes: [row.scheme] };
            for (const identity of [signed('rsa-2048', signer), restricted]) {
              const hook = { selectIdentity: () => identity };
              const options = optionsOf(role, protocol, hook, { identity: undefined, ...hook });
              expectInfo(await new Peers(roles, options).open(), infoOf(role, row.scheme));
            }
            expect(signer.asked).toEqual([row.scheme]);
          }
        }
      }
    },
  },
  {
    id: 'signer/several',
    title: 'of several signers the first is used that has a scheme which the peer accepts',
    applies: (roles) => canSign(roles) && hasAll(roles, rsaSchemes),
    run: async (roles) => {
      for (const protocol of protocolsOf(roles)) {
        const first = new NotingSigner('ed25519', ['ed25519']);
        const second = new NotingSigner('rsa-2048', ['rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha256']);
        const identity = [signed('ed25519', first), signed('rsa-2048', second)];
        const accepted = { ...only(protocol), signatureSchemes: ['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256'] };
        const server = await new Peers(roles, { client: accepted, server: { identity } }).open();
        expectInfo(server, { signatureScheme: 'rsa_pss_rsae_sha256', protocol });
        expect(server.serverSink.info?.identityIndex).toBe(1);
        if (bothHave('clientAuthentication')(roles)) {
          const client = await new Peers(roles, { client: { identity }, server: { ...takesAny, ...accepted } }).open();
          expectInfo(client, { clientSignatureScheme: 'rsa_pss_rsae_sha256', protocol });
        }
        expect(first.asked).toEqual([]);
      }
    },
  },
  {
    id: 'signer/tls-1.2-only',
    title: '§4.2.3 a signer that has only RSASSA-PKCS1-v1_5 does not stand in the way of another identity in TLS 1.3',
    applies: (roles) => canSign(roles) && hasAll(roles, rsaSchemes) && hasAll(roles, ['ed25519']),
    run: async (roles) => {
      const signer = signed('rsa-2048', new NotingSigner('rsa-2048', ['rsa_pkcs1_sha256']));
      for (const protocol of protocolsOf(roles)) {
        const scheme = protocol === 'TLSv1.2' ? 'rsa_pkcs1_sha256' : 'ed25519';
        for (const role of rolesOf(roles)) {
          const identity = [signer, identityOf('ed25519')];
          const pair = await new Peers(roles, optionsOf(role, protocol, { identity }, { identity })).open();
          expectInfo(pair, infoOf(role, scheme));
        }
        if (!bothHave('clientAuthentication')(roles)) continue;
        const server = { ...takesAny, clientAuthentication: 'request' } as const;
        const alone = await new Peers(roles, { client: { ...only(protocol), identity: signer }, server }).open();
        expectInfo(alone, { clientAuthentication: protocol === 'TLSv1.2' ? 'provided' : 'requested' });
      }
    },
  },
  {
    id: 'signer/early-data',
    title:
      'a server that takes early data has its signer sign all the same, at once or later, and where it refuses the data',
    applies: (roles) => canSign(roles) && bothSpeak('TLSv1.3')(roles) && bothHave('earlyData')(roles),
    run: async (roles) => {
      for (const later of [false, true]) {
        const signer = new NotingSigner('ecdsa-p256', ['ecdsa_secp256r1_sha256']);
        const sign = (scheme: string, input: Uint8Array): MaybePromise<Uint8Array> =>
          later ? Promise.resolve().then(() => signer.sign(scheme, input)) : signer.sign(scheme, input);
        const { signatureSchemes } = signer;
        const server = { maxEarlyData: 16_384, identity: signed('ecdsa-p256', { signatureSchemes, sign }) };
        const peers = new Peers(roles, { client: only('TLSv1.3'), server });
        const session = await peers.session();
        // Another server cannot open the ticket.
        const options = { session, earlyData: true, takesEarlyData: true, clientSends: text('early') } as const;
        for (const wire of [undefined, byteByByte]) {
          const pair = await peers.withServer({ server }).open(options, wire);
          await pair.pumpUntil(() => pair.serverSink.text === 'early', wire);
          expectInfo(pair, { resumed: false, earlyData: 'rejected' });
        }
        expect(signer.asked).toHaveLength(3);
      }
    },
  },
  {
    id: 'signer/none-accepted',
    title: 'a signer without a scheme that the client accepts is not asked: handshake_failure',
    applies: (roles) => canSign(roles) && hasAll(roles, rsaSchemes),
    run: async (roles) => {
      for (const protocol of protocolsOf(roles)) {
        const signer = new NotingSigner('rsa-2048', ['rsa_pss_rsae_sha512']);
        const client = { ...only(protocol), signatureSchemes: ['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256'] };
        const pair = await new Peers(roles, { client, server: { identity: signed('rsa-2048', signer) } }).run();
        expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: 40 });
        expect(signer.asked).toEqual([]);
      }
    },
  },
  {
    id: 'signer/wrong-signature',
    title: '§4.4.3 a signature that is another key’s is noticed by the peer: decrypt_error',
    applies: canSign,
    run: async (roles) => {
      const identity = signed('ecdsa-p256', new NotingSigner('wildcard', ['ecdsa_secp256r1_sha256']));
      for (const protocol of protocolsOf(roles)) {
        for (const role of rolesOf(roles)) {
          const pair = await new Peers(roles, optionsOf(role, protocol, { identity }, { identity })).run();
          const [own, peer] =
            role === 'server' ? [pair.serverSink, pair.clientSink] : [pair.clientSink, pair.serverSink];
          expect(peer.failure).toMatchObject({ code: 'ERR_TLS_DECRYPT', alert: 51, direction: 'sent' });
          expect(own.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 51, direction: 'received' });
        }
      }
    },
  },
];

function signed(certificate: FixtureName, signer: Signer): Identity {
  return { certificateChain: certificates[certificate].chainPem, signer };
}

async function expectScheme(
  roles: Roles,
  role: Role,
  protocol: ProtocolVersion,
  scheme: string,
  identity: Identity,
): Promise<void> {
  const pair = await new Peers(roles, optionsOf(role, protocol, { identity }, { identity })).open();
  expectInfo(pair, infoOf(role, scheme));
  await expectData(pair);
}

/** Gives options with which one side has the identity and the other side verifies it. */
function optionsOf(
  role: Role,
  protocol: ProtocolVersion,
  client: ContextOptions['client'],
  server: object,
): ContextOptions {
  return role === 'server'
    ? { client: only(protocol), server }
    : { client: { ...only(protocol), ...client }, server: takesAny };
}

function infoOf(role: Role, scheme: string) {
  return role === 'server' ? { signatureScheme: scheme } : { clientSignatureScheme: scheme };
}

function protocolsOf(roles: Roles, row?: Row): readonly ProtocolVersion[] {
  const protocols = row?.isTls12Only === true ? (['TLSv1.2'] as const) : (['TLSv1.2', 'TLSv1.3'] as const);
  return protocols.filter((protocol) => bothSpeak(protocol)(roles));
}

function rolesOf(roles: Roles): readonly Role[] {
  return bothHave('clientAuthentication')(roles) ? ['server', 'client'] : ['server'];
}

function canSign(roles: Roles): boolean {
  return bothHave('asyncHooks')(roles) && roles.server.capabilities.server.options.includes('identity');
}

function hasAll(roles: Roles, schemes: readonly string[]): boolean {
  return schemes.every((scheme) => common(roles, 'signatureSchemes').includes(scheme));
}
