import { createRoot, toPem, type CertificateExtension, type CrlOptions, type TestCertificate } from '@org/pki';
import type { Revocation } from '@org/tls-core';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { parseCertificate } from '../src/certificate.ts';
import { readRevocation } from '../src/revocation-rules.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';
import { thrown } from '@org/pki';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let rootList: Uint8Array;

beforeAll(async () => {
  root = await createRoot();
  intermediate = await root.issue({ isCa: true });
  leaf = await intermediate.issue({ names: ['example.com'] });
  rootList = await root.issueCrl();
});

const number: CertificateExtension = { oid: '2.5.29.20', value: Uint8Array.of(2, 1, 1) };

function serialOf(certificate: TestCertificate): Uint8Array {
  return parseCertificate(certificate.certificateDer).serialNumber;
}

function verify(revocation: Revocation, chain = leaf.chainDer, anchor = root): unknown {
  return verifyChain({
    chain,
    anchors: anchorsFrom(anchor.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    revocation: readRevocation(revocation),
  });
}

const accepted = { path: expect.any(Array) as unknown[] };
const revoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED' };
const unknown = { code: 'ERR_TLS_CERTIFICATE_STATUS' };
const unusable = { code: 'ERR_TLS_CONFIG' };

describe('a certificate that a valid list names is revoked', () => {
  test('the peer’s own, whatever happens to the unknown', async () => {
    const crl = await intermediate.issueCrl({ serialNumbers: [Uint8Array.of(5), serialOf(leaf)] });
    for (const unknownStatus of ['accept', 'reject'] as const)
      expect(thrown(() => verify({ crls: [rootList, crl], unknownStatus }))).toMatchObject(revoked);
    expect(thrown(() => verify({ crls: [crl], depth: 'leaf' }))).toMatchObject(revoked);
  });

  test('an intermediate, unless only the leaf is looked up', async () => {
    const crl = await root.issueCrl({ serialNumbers: [serialOf(intermediate)] });
    const good = await intermediate.issueCrl();
    expect(thrown(() => verify({ crls: [good, crl] }))).toMatchObject(revoked);
    expect(verify({ crls: [good, crl], depth: 'leaf' })).toMatchObject(accepted);
  });

  test('also when another list does not name it', async () => {
    const crl = await intermediate.issueCrl({ serialNumbers: [serialOf(leaf)] });
    const good = await intermediate.issueCrl();
    for (const crls of [
      [crl, good],
      [good, crl],
    ])
      expect(thrown(() => verify({ crls, depth: 'leaf' }))).toMatchObject(revoked);
  });

  test('and another path is taken where there is one', async () => {
    const other = await createRoot();
    const cross = await other.issue({ isCa: true, sameKeyAs: intermediate, commonName: 'cross' });
    const again = await root.issue({ isCa: true, sameKeyAs: intermediate, commonName: 'cross' });
    const peer = await cross.issue({ names: ['example.com'] });
    const crls = [
      await root.issueCrl({ serialNumbers: [serialOf(again)] }),
      await other.issueCrl(),
      await cross.issueCrl(),
    ];
    const result = verifyChain({
      chain: [peer.certificateDer, again.certificateDer, cross.certificateDer],
      anchors: anchorsFrom([root.certificateDer, other.certificateDer]),
      purpose: 'server',
      serverName: 'example.com',
      time: Date.now(),
      crypto: nodeCrypto,
      revocation: readRevocation({ crls }),
    });
    expect(result).toMatchObject({ path: [peer.certificateDer, cross.certificateDer, other.certificateDer] });
  });
});

describe('a certificate that no list names is good', () => {
  test('with a list of each issuer, as PEM or DER', async () => {
    const crl = await intermediate.issueCrl({ serialNumbers: [Uint8Array.of(1)] });
    expect(verify({ crls: [rootList, crl] })).toMatchObject(accepted);
    expect(verify({ crls: [toPem('X509 CRL', rootList) + toPem('X509 CRL', crl)] })).toMatchObject(accepted);
  });

  test('the same serial number of another issuer means nothing', async () => {
    const crls = [await root.issueCrl({ serialNumbers: [serialOf(leaf)] }), await intermediate.issueCrl()];
    expect(verify({ crls })).toMatchObject(accepted);
  });
});

describe('RFC 5280 §6.3.3 the status is unknown, and that refused unless it is accepted,', () => {
  const expectUnknown = async (crl: Promise<Uint8Array> | Uint8Array): Promise<void> => {
    const crls = [rootList, await crl];
    expect(thrown(() => verify({ crls }))).toMatchObject(unknown);
    expect(verify({ crls, unknownStatus: 'accept' })).toMatchObject(accepted);
  };

  test('without a list of the issuer', async () => expectUnknown(rootList));

  test('with one that is out of date', async () =>
    expectUnknown(intermediate.issueCrl({ nextUpdate: new Date(Date.now() - 60_000) })));

  test('with one from the future', async () =>
    expectUnknown(intermediate.issueCrl({ thisUpdate: new Date(Date.now() + 60_000) })));

  test('with a wrong signature, even if it names the certificate', async () =>
    expectUnknown(intermediate.issueCrl({ corruptSignature: true, serialNumbers: [serialOf(leaf)] })));

  test('with one of a stranger of the same name', async () => {
    const stranger = await createRoot({ commonName: 'same' });
    const own = await createRoot({ commonName: 'same' });
    const peer = await own.issue({ names: ['example.com'] });
    const crls = [await stranger.issueCrl({ serialNumbers: [serialOf(peer)] })];
    expect(thrown(() => verify({ crls }, peer.chainDer, own))).toMatchObject(unknown);
    expect(verify({ crls, unknownStatus: 'accept' }, peer.chainDer, own)).toMatchObject(accepted);
  });

  test('(f) where the issuer’s keyUsage is without cRLSign', async () => {
    const issuer = await root.issue({ isCa: true, keyUsage: ['keyCertSign'] });
    const peer = await issuer.issue({ names: ['example.com'] });
    const crls = [rootList, await issuer.issueCrl()];
    expect(thrown(() => verify({ crls }, peer.chainDer))).toMatchObject(unknown);
  });

  test.each([
    ['of CAs only', Uint8Array.of(0x30, 3, 0x82, 1, 0xff)],
    ['of attribute certificates only', Uint8Array.of(0x30, 3, 0x85, 1, 0xff)],
    ['of some reasons only', Uint8Array.of(0x30, 4, 0x83, 2, 6, 0x40)],
    ['of another distribution point', Uint8Array.of(0x30, 9, 0xa0, 7, 0xa0, 5, 0x86, 3, 0x61, 0x3a, 0x62)],
  ])('(b)(2) with a list %s', async (_what, value) =>
    expectUnknown(intermediate.issueCrl({ extensions: [number, { oid: '2.5.29.28', critical: true, value }] })),
  );
});

describe('RFC 5280 §5.2.5 a list of a distribution point', () => {
  test('is good for the certificates that name it', async () => {
    const name = [0x86, 3, 0x61, 0x3a, 0x62];
    const points = Uint8Array.of(0x30, 11, 0x30, 9, 0xa0, 7, 0xa0, 5, ...name);
    const peer = await intermediate.issue({
      names: ['example.com'],
      extensions: [{ oid: '2.5.29.31', value: points }],
    });
    const scope = { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 9, 0xa0, 7, 0xa0, 5, ...name) };
    const good = await intermediate.issueCrl({ extensions: [number, scope] });
    expect(verify({ crls: [rootList, good] }, peer.chainDer)).toMatchObject(accepted);
    const bad = await intermediate.issueCrl({ extensions: [number, scope], serialNumbers: [serialOf(peer)] });
    expect(thrown(() => verify({ crls: [rootList, bad] }, peer.chainDer))).toMatchObject(revoked);
  });
});

describe('a list is used', () => {
  const made: readonly (readonly [what: string, options: CrlOptions])[] = [
    ['of version 1, as openssl makes it without a number', { version: 1 }],
    ['without a cRLNumber, as easy-rsa makes it', { extensions: [{ oid: '1.2.3', value: Uint8Array.of(5, 0) }] }],
  ];

  test.each(made)('%s', async (_what, options) => {
    const good = await intermediate.issueCrl(options);
    expect(verify({ crls: [rootList, good] })).toMatchObject(accepted);
    const bad = await intermediate.issueCrl({ ...options, serialNumbers: [serialOf(leaf)] });
    expect(thrown(() => verify({ crls: [rootList, bad] }))).toMatchObject(revoked);
  });
});

describe('RFC 5280 §6.3.3 (f) a list that another key of the issuer signed', () => {
  /** The issuer of the leaf has this name too. */
  const sameCa = { isCa: true, commonName: 'the CA' } as const;

  test('is used when the same anchor vouches for that key', async () => {
    const ca = await root.issue(sameCa);
    const peer = await ca.issue({ names: ['example.com'] });
    const signer = await root.issue({ commonName: 'the CA', keyUsage: ['cRLSign'], extendedKeyUsage: [] });
    const chain = [...peer.chainDer, signer.certificateDer];
    expect(verify({ crls: [rootList, await signer.issueCrl()] }, chain)).toMatchObject(accepted);
    const bad = await signer.issueCrl({ serialNumbers: [serialOf(peer)] });
    expect(thrown(() => verify({ crls: [rootList, bad] }, chain))).toMatchObject(revoked);
  });

  test('is not used when nobody vouches for it, or it may not sign lists, or it is out of date', async () => {
    const ca = await root.issue(sameCa);
    const peer = await ca.issue({ names: ['example.com'] });
    const stranger = await createRoot();
    const signers = [
      await stranger.issue({ commonName: 'the CA', keyUsage: ['cRLSign'], extendedKeyUsage: [] }),
      await root.issue({ commonName: 'the CA', keyUsage: ['digitalSignature'], extendedKeyUsage: [] }),
      await root.issue({ commonName: 'the CA', keyUsage: ['cRLSign'], notAfter: new Date(Date.now() - 60_000) }),
      await root.issue({ commonName: 'another CA', keyUsage: ['cRLSign'], extendedKeyUsage: [] }),
    ];
    for (const signer of signers) {
      const chain = [...peer.chainDer, signer.certificateDer];
      const list = await signer.issueCrl();
      expect(thrown(() => verify({ crls: [rootList, list] }, chain))).toMatchObject({ family: 'certificate' });
    }
  });

  test('is used when the issuer has changed its key and is in the path with both', async () => {
    const old = await root.issue(sameCa);
    const renewed = await root.issue(sameCa);
    const crossed = await renewed.issue({ ...sameCa, sameKeyAs: old });
    const peer = await old.issue({ names: ['example.com'] });
    const chain = [peer.certificateDer, crossed.certificateDer, renewed.certificateDer];
    expect(verify({ crls: [rootList, await renewed.issueCrl()] }, chain)).toMatchObject(accepted);
  });
});

describe('a list that cannot be used is refused when it is configured:', () => {
  const refused: readonly (readonly [what: string, options: CrlOptions])[] = [
    ['§5.2.3 with a critical cRLNumber', { extensions: [{ ...number, critical: true }] }],
    ['§5.1.2.5 without nextUpdate', { nextUpdate: undefined }],
    [
      '§5.2 with an unknown critical extension',
      { extensions: [number, { oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) }] },
    ],
    [
      '§5.2.4 a delta that does not say so critically',
      { extensions: [number, { oid: '2.5.29.27', value: Uint8Array.of(2, 1, 1) }] },
    ],
    ['§5.2.4 a delta', { extensions: [number, { oid: '2.5.29.27', critical: true, value: Uint8Array.of(2, 1, 1) }] }],
    [
      '§5.2.5 an indirect one',
      { extensions: [number, { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, 0x84, 1, 0xff) }] },
    ],
    [
      '§5.3 with an unknown critical extension of an entry',
      {
        serialNumbers: [Uint8Array.of(1)],
        entryExtensions: [{ oid: '2.5.29.29', critical: true, value: Uint8Array.of(0x30, 0) }],
      },
    ],
    ['with an extension twice', { extensions: [number, number] }],
  ];

  test.each(refused)('%s', async (_what, options) => {
    const crl = await root.issueCrl(options);
    expect(thrown(() => readRevocation({ crls: [crl] }))).toMatchObject(unusable);
  });

  test('bytes, text and certificates that are no lists', () => {
    for (const crl of [new Uint8Array(0), Uint8Array.of(0x30, 0), 'text', root.certificatePem, root.certificateDer])
      expect(thrown(() => readRevocation({ crls: [crl] }))).toMatchObject(unusable);
  });

  test('§5.1.1.2 with another signature algorithm outside than inside', () => {
    const ecdsaWithSha256 = Buffer.from('06082a8648ce3d040302', 'hex');
    const at = Buffer.from(rootList).lastIndexOf(ecdsaWithSha256) + ecdsaWithSha256.length - 1;
    const crl = rootList.map((byte, index) => (index === at ? 3 : byte));
    expect(rootList[at]).toBe(2);
    expect(thrown(() => readRevocation({ crls: [crl] }))).toMatchObject(unusable);
  });

  test('cut anywhere', () => {
    for (let length = 0; length < rootList.length; length += 1)
      expect(thrown(() => readRevocation({ crls: [rootList.subarray(0, length)] }))).toMatchObject(unusable);
  });

  test('damaged: it is refused, or its signature is', () => {
    const time = Date.now();
    fc.assert(
      fc.property(fc.nat(rootList.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = rootList.map((byte, index) => (index === at ? byte ^ change : byte));
        const outcome = attempt(() =>
          verifyChain({
            chain: intermediate.chainDer,
            anchors: anchorsFrom(root.certificateDer),
            purpose: 'server',
            serverName: undefined,
            time,
            crypto: nodeCrypto,
            revocation: readRevocation({ crls: [damaged] }),
          }),
        );
        expect(['ERR_TLS_CONFIG', 'ERR_TLS_CERTIFICATE_STATUS', 'ERR_TLS_CERTIFICATE_PURPOSE']).toContain(outcome);
      }),
      { numRuns: 500 },
    );
  });
});

function attempt(act: () => unknown): string {
  return thrown(act).code;
}

describe('lists whose signatures are wrong', () => {
  test('are not verified without end: the chain is then refused, even where the unknown is accepted', async () => {
    const stranger = await createRoot({ commonName: 'same' });
    const own = await createRoot({ commonName: 'same' });
    const peer = await own.issue({ names: ['example.com'] });
    const crls = await Promise.all(
      Array.from({ length: 101 }, (_, index) => stranger.issueCrl({ serialNumbers: [Uint8Array.of(1, index)] })),
    );
    const refusal = thrown(() => verify({ crls, unknownStatus: 'accept' }, peer.chainDer, own));
    expect(refusal).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_BAD' });
    expect(verify({ crls: crls.slice(0, 90), unknownStatus: 'accept' }, peer.chainDer, own)).toMatchObject(accepted);
  });
});

describe('a list of 20,000 entries', () => {
  test('is looked up', async () => {
    const serialNumbers = Array.from({ length: 20_000 }, (_, index) =>
      Uint8Array.of(1, index >> 16, (index >> 8) & 0xff, index & 0xff),
    );
    const crl = await intermediate.issueCrl({ serialNumbers: [...serialNumbers, serialOf(leaf)] });
    expect(thrown(() => verify({ crls: [crl], depth: 'leaf' }))).toMatchObject(revoked);
  });
});
