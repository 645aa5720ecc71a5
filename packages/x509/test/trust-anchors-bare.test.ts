import { generateKeyPairSync } from 'node:crypto';
import { certificateProfiles, type TrustAnchor, type TrustSource, type VerifiedChain } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import { createRoot, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { parseCertificate } from '../src/certificate.ts';
import { derElement } from '@org/tls-crypto/der';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain, type VerifyChainOptions } from '../src/verifier.ts';
import { thrownTlsError } from './support/thrown-tls-error.ts';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let anchor: TrustAnchor;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
  intermediate = await root.issue({ isCa: true, commonName: 'intermediate' });
  leaf = await intermediate.issue({ names: ['www.example.com'] });
  anchor = anchorOf(root);
});

function anchorOf({ certificateDer }: TestCertificate): TrustAnchor {
  const { subject, publicKey } = parseCertificate(certificateDer);
  return { subject: subject.der, subjectPublicKeyInfo: publicKey.spki };
}

/** NameConstraints of one subtree. */
function constraint(kind: 'permitted' | 'excluded', domain: string): Uint8Array {
  const base = derElement(0x82, new TextEncoder().encode(domain));
  return derElement(0x30, derElement(kind === 'permitted' ? 0xa0 : 0xa1, derElement(0x30, base)));
}

function verify(
  trust: TrustSource,
  chain: readonly Uint8Array[] = leaf.chainDer,
  given: Partial<VerifyChainOptions> = {},
): VerifiedChain {
  const result = verifyChain({
    chain,
    anchors: anchorsFrom(trust),
    purpose: 'server',
    serverName: 'www.example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    ...given,
  });
  if (isPromiseLike(result)) throw new Error('expected a result at once');
  return result;
}

describe('RFC 5280 §6.1.1 (d): a trust anchor without a certificate', () => {
  test('vouches for a chain, whose verified path ends with the last certificate that there is', () => {
    expect(verify(anchor).path).toEqual([leaf.certificateDer, intermediate.certificateDer]);
  });

  test('vouches for a chain in which the peer sends the root too, and the path is the same', () => {
    expect(verify(anchor, [...leaf.chainDer, root.certificateDer]).path).toEqual([
      leaf.certificateDer,
      intermediate.certificateDer,
    ]);
  });

  test('vouches for a leaf that it issued itself', async () => {
    const direct = await root.issue({ names: ['www.example.com'] });
    expect(verify(anchor, [direct.certificateDer]).path).toEqual([direct.certificateDer]);
  });

  test.each(certificateProfiles)('keeps no rule of the profile %s for certificates', (profile) => {
    expect(verify(anchor, leaf.chainDer, { profile }).path).toHaveLength(2);
  });

  test('knows no end and no length of paths; its certificate does', async () => {
    const old = await createRoot({ commonName: 'old', notAfter: new Date(0), pathLength: 0 });
    const below = await old.issue({ isCa: true });
    const { chainDer } = await below.issue({ names: ['www.example.com'] });
    expect(thrownTlsError(() => verify(old.certificateDer, chainDer)).code).toBe('ERR_TLS_CERTIFICATE_EXPIRED');
    expect(verify(anchorOf(old), chainDer).path).toHaveLength(2);
  });

  test('leaves the certificates below it to be checked as ever', async () => {
    const below = await root.issue({ isCa: true, notAfter: new Date(0) });
    const { chainDer } = await below.issue({ names: ['www.example.com'] });
    expect(thrownTlsError(() => verify(anchor, chainDer)).code).toBe('ERR_TLS_CERTIFICATE_EXPIRED');
  });

  test('of the same name and another key vouches for nothing', async () => {
    const other = anchorOf(await createRoot({ commonName: 'root' }));
    const error = thrownTlsError(() => verify(other));
    expect(error.code).toBe('ERR_TLS_CERTIFICATE_SIGNATURE');
    // the anchor is part of the path that was tried, and has no bytes to be shown
    expect(error.certificate?.rejectedPaths.map(({ path }) => path)).toContainEqual(leaf.chainDer);
    expect(verify([other, anchor]).path).toHaveLength(2);
  });

  test('of another name and the same key vouches for nothing', async () => {
    const renamed = await createRoot({ commonName: 'other', sameKeyAs: root });
    expect(thrownTlsError(() => verify(anchorOf(renamed))).code).toBe('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER');
  });

  test('with an RSA key under 2048 bits vouches for nothing', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = { ...anchor, subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }) };
    expect(thrownTlsError(() => verify(weak)).code).toBe('ERR_TLS_CERTIFICATE_UNSUPPORTED');
  });

  test('is a CA: its own certificate as the peer’s is refused', () => {
    expect(thrownTlsError(() => verify(anchor, [root.certificateDer], { serverName: undefined })).code).toBe(
      'ERR_TLS_CERTIFICATE_PURPOSE',
    );
  });
});

describe('name constraints of a trust anchor', () => {
  test.each([
    ['permitted', 'example.com'],
    ['permitted', 'www.example.com'],
    ['excluded', 'example.org'],
  ] as const)('%s %s accept www.example.com', (kind, domain) => {
    expect(verify({ ...anchor, nameConstraints: constraint(kind, domain) }).path).toHaveLength(2);
  });

  test.each([
    ['permitted', 'example.org'],
    ['permitted', 'ample.com'],
    ['excluded', 'example.com'],
    ['excluded', 'com'],
  ] as const)('%s %s refuse www.example.com', (kind, domain) => {
    const error = thrownTlsError(() => verify({ ...anchor, nameConstraints: constraint(kind, domain) }));
    expect(error.code).toBe('ERR_TLS_CERTIFICATE_BAD');
    expect(error.certificate?.rejectedPaths).toMatchObject([{ path: leaf.chainDer }]);
  });

  test('do not bind another anchor of the same name and key: a list is the union', () => {
    const bound = { ...anchor, nameConstraints: constraint('permitted', 'example.org') };
    expect(verify([bound, anchor]).path).toHaveLength(2);
    expect(verify([bound, root.certificateDer]).path).toHaveLength(3);
  });
});

describe('a list with trust anchors', () => {
  test('has each once; one with other constraints, and the certificate, are others', () => {
    const bound = { ...anchor, nameConstraints: constraint('permitted', 'example.org') };
    expect(anchorsFrom([anchor, { ...anchor }, { ...anchor, nameConstraints: undefined }]).count).toBe(1);
    expect(anchorsFrom([anchor, bound, [bound], root.certificateDer, root.certificatePem]).count).toBe(3);
  });

  test('does not change when the caller’s bytes do', () => {
    const own = {
      subject: Buffer.from(anchor.subject),
      subjectPublicKeyInfo: Buffer.from(anchor.subjectPublicKeyInfo),
      nameConstraints: Buffer.from(constraint('permitted', 'example.com')),
    };
    const anchors = anchorsFrom(own);
    for (const bytes of Object.values(own)) bytes.fill(0);
    expect(verify(anchor, leaf.chainDer, { anchors }).path).toHaveLength(2);
  });

  test('is read anew when they did', () => {
    const own = { ...anchor, subject: anchor.subject.slice() };
    expect(anchorsFrom(own).findBySubject(anchor.subject)).toHaveLength(1);
    own.subject[own.subject.length - 1] = 0x58;
    expect(anchorsFrom(own).findBySubject(anchor.subject)).toHaveLength(0);
    expect(anchorsFrom(own).findBySubject(own.subject)).toHaveLength(1);
  });

  test('is parsed once for as long as the caller keeps it', () => {
    const [first] = anchorsFrom([anchor, root.certificateDer]).findBySubject(anchor.subject);
    expect(anchorsFrom(['mozilla', anchor]).findBySubject(anchor.subject)[0]).toBe(first);
  });

  const noBytes = new Uint8Array(0);
  test.each<[string, (good: TrustAnchor) => TrustAnchor]>([
    ['no subject', (good) => ({ ...good, subject: noBytes })],
    ['a subject with a byte too many', (good) => ({ ...good, subject: Uint8Array.of(...good.subject, 0) })],
    ['a certificate for a subject', (good) => ({ ...good, subject: root.certificateDer })],
    ['no key', (good) => ({ ...good, subjectPublicKeyInfo: noBytes })],
    ['a certificate for a key', (good) => ({ ...good, subjectPublicKeyInfo: root.certificateDer })],
    ['name and key exchanged', (good) => ({ subject: good.subjectPublicKeyInfo, subjectPublicKeyInfo: good.subject })],
    ['a key of an unknown algorithm', (good) => ({ ...good, subjectPublicKeyInfo: x448() })],
    ['empty constraints', (good) => ({ ...good, nameConstraints: noBytes })],
    ['constraints on nothing', (good) => ({ ...good, nameConstraints: Uint8Array.of(0x30, 0) })],
    [
      'constraints with a byte too many',
      (good) => ({ ...good, nameConstraints: Uint8Array.of(...constraint('permitted', 'example.com'), 0) }),
    ],
  ])('is refused with %s', (_name, spoil) => {
    expect(thrownTlsError(() => anchorsFrom(['mozilla', spoil(anchor)]))).toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'trust',
    });
  });
});

function x448(): Uint8Array {
  return generateKeyPairSync('x448').publicKey.export({ type: 'spki', format: 'der' });
}
