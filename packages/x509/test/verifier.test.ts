import { AlertDescription, type TlsErrorCode, type VerifiedChain } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import { createRoot, type IssueOptions, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { CryptoProvider } from '@org/tls-crypto';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain, type VerifyChainOptions } from '../src/verifier.ts';
import { countingCrypto } from './support/counting-crypto.ts';
import { thrownTlsError } from './support/thrown-tls-error.ts';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
  intermediate = await root.issue({ isCa: true, commonName: 'intermediate' });
  leaf = await intermediate.issue({ names: ['example.com', '*.example.com', '127.0.0.1', '::1'] });
});

type Given = Partial<VerifyChainOptions> & Pick<VerifyChainOptions, 'chain'>;

function verify(given: Given): VerifiedChain {
  const result = verifyChain({
    anchors: anchorsFrom(root.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    ...given,
  });
  if (isPromiseLike(result)) throw new Error('expected a result at once');
  return result;
}

interface Verdict {
  readonly code: TlsErrorCode;
  readonly alert: number;
  readonly nodeCode: string;
}

function refused(given: Given): Verdict {
  const { code, alert, certificate, nodeCode } = thrownTlsError(() => verify(given));
  expect(certificate?.chain).toBe(given.chain);
  expect(certificate?.hint).toBeTypeOf('string');
  return { code, alert: alert ?? -1, nodeCode: nodeCode ?? '' };
}

const unknownIssuer = { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: AlertDescription.unknownCa } as const;
const bad = { code: 'ERR_TLS_CERTIFICATE_BAD', alert: AlertDescription.badCertificate } as const;
const wrongPurpose = {
  code: 'ERR_TLS_CERTIFICATE_PURPOSE',
  alert: AlertDescription.unsupportedCertificate,
  nodeCode: 'INVALID_PURPOSE',
} as const;
const unsupported = {
  code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED',
  alert: AlertDescription.unsupportedCertificate,
  nodeCode: 'UNSPECIFIED',
} as const;

describe('a chain is accepted', () => {
  test('and its path is given, leaf first, anchor last', () => {
    const { path } = verify({ chain: leaf.chainDer });
    expect(path).toEqual([leaf.certificateDer, intermediate.certificateDer, root.certificateDer]);
    expect(path[0]).toBe(leaf.chainDer[0]);
  });

  test.each(['example.com', 'EXAMPLE.com.', 'www.example.com', '127.0.0.1', '::1', '0:0::1'])(
    'for %s',
    (serverName) => {
      expect(verify({ chain: leaf.chainDer, serverName }).path).toHaveLength(3);
    },
  );

  test('RFC 8446 §4.4.2 with its certificates in any order, surplus ones and the root', async () => {
    const stranger = await createRoot();
    const chain = [leaf.certificateDer, stranger.certificateDer, root.certificateDer, intermediate.certificateDer];
    expect(verify({ chain }).path).toHaveLength(3);
  });

  test('with an unreadable certificate that no path needs', () => {
    expect(verify({ chain: [...leaf.chainDer, Uint8Array.of(0x30, 0x80)] }).path).toHaveLength(3);
  });

  test('when an intermediate is the anchor', () => {
    const anchors = anchorsFrom(intermediate.certificateDer);
    expect(verify({ chain: [leaf.certificateDer], anchors }).path).toHaveLength(2);
  });

  test('when it is a self-signed certificate that is trusted itself', async () => {
    const own = await createRoot({ names: ['own.test'], isCa: false });
    const anchors = anchorsFrom(own.certificateDer);
    expect(verify({ chain: [own.certificateDer], anchors, serverName: 'own.test' }).path).toEqual([own.certificateDer]);
    expect(refused({ chain: [own.certificateDer], anchors, serverName: 'other.test' }).code).toBe(
      'ERR_TLS_CERTIFICATE_NAME',
    );
  });

  test('by the path that holds, where another ends at an expired cross-certificate', async () => {
    const expired = await root.issue({
      isCa: true,
      commonName: 'intermediate',
      sameKeyAs: intermediate,
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    const chain = [leaf.certificateDer, expired.certificateDer, intermediate.certificateDer];
    expect(verify({ chain }).path[1]).toEqual(intermediate.certificateDer);
  });

  test.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-pss-2048', 'ed25519'] as const)(
    'when all of it is %s',
    async (algorithm) => {
      const otherRoot = await createRoot({ algorithm });
      const other = await otherRoot.issue({ names: ['example.com'], algorithm });
      expect(verify({ chain: other.chainDer, anchors: anchorsFrom(otherRoot.certificatePem) }).path).toHaveLength(2);
    },
    30_000,
  );

  test('for a client, whose name is not checked', async () => {
    const client = await root.issue({ commonName: 'client', extendedKeyUsage: ['clientAuth'] });
    expect(verify({ chain: client.chainDer, purpose: 'client', serverName: undefined }).path).toHaveLength(2);
  });
});

describe('a leaf is refused', () => {
  const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
  const future = { notBefore: new Date('2090-01-01'), notAfter: new Date('2091-01-01') };
  const unknownExtension = { oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) };

  test.each<readonly [name: string, options: IssueOptions, verdict: Verdict]>([
    [
      'that expired',
      past,
      { code: 'ERR_TLS_CERTIFICATE_EXPIRED', alert: AlertDescription.certificateExpired, nodeCode: 'CERT_HAS_EXPIRED' },
    ],
    [
      'that is not valid yet',
      future,
      {
        code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID',
        alert: AlertDescription.certificateExpired,
        nodeCode: 'CERT_NOT_YET_VALID',
      },
    ],
    ['RFC 5280 §4.2.1.12 whose extended key usage is for clients', { extendedKeyUsage: ['clientAuth'] }, wrongPurpose],
    ['RFC 8446 §4.4.2.2 whose key may not sign', { keyUsage: ['keyAgreement'] }, wrongPurpose],
    ['that is a CA', { isCa: true }, wrongPurpose],
    ['RFC 5280 §4.2 with an unknown critical extension', { extensions: [unknownExtension] }, unsupported],
    [
      'whose signature is wrong',
      { corruptSignature: true },
      {
        code: 'ERR_TLS_CERTIFICATE_SIGNATURE',
        alert: AlertDescription.badCertificate,
        nodeCode: 'CERT_SIGNATURE_FAILURE',
      },
    ],
    [
      'RFC 5280 §4.2 with an extension twice',
      { extensions: [unknownExtension, unknownExtension] },
      { ...bad, nodeCode: 'UNSPECIFIED' },
    ],
    [
      'RFC 9525 §2 whose common name alone is the right one',
      { names: [], commonName: 'example.com' },
      {
        code: 'ERR_TLS_CERTIFICATE_NAME',
        alert: AlertDescription.badCertificate,
        nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
      },
    ],
  ])('%s', async (_name, options, verdict) => {
    const other = await root.issue({ names: ['example.com'], ...options });
    expect(refused({ chain: other.chainDer })).toEqual(verdict);
  });

  test.each(['example.net', 'a.b.example.com', '127.0.0.2', '::2'])('that is not for %s', (serverName) => {
    expect(refused({ chain: leaf.chainDer, serverName }).nodeCode).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('that is not there', () => {
    expect(refused({ chain: [] })).toEqual({ ...bad, nodeCode: 'UNSPECIFIED' });
  });

  test('that is no certificate', () => {
    expect(refused({ chain: [Uint8Array.of(1, 2, 3)] })).toEqual({ ...bad, nodeCode: 'UNSPECIFIED' });
  });

  test('for a name that is none, by ERR_TLS_CONFIG', () => {
    expect(thrownTlsError(() => verify({ chain: leaf.chainDer, serverName: 'a b' })).code).toBe('ERR_TLS_CONFIG');
  });
});

describe('an issuer is refused', () => {
  test.each<readonly [name: string, options: IssueOptions, nodeCode: string]>([
    ['that expired', { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }, 'CERT_HAS_EXPIRED'],
    ['RFC 5280 §4.2.1.9 that is no CA', { isCa: false, keyUsage: ['keyCertSign'] }, 'INVALID_CA'],
    ['RFC 5280 §4.2.1.9 without basicConstraints', { omitBasicConstraints: true }, 'INVALID_CA'],
    ['RFC 5280 §4.2.1.3 without keyCertSign', { keyUsage: ['cRLSign'] }, 'INVALID_CA'],
    ['whose extended key usage is for something else', { extendedKeyUsage: ['codeSigning'] }, 'INVALID_PURPOSE'],
    [
      'RFC 5280 §4.2.1.10 that may not vouch for the name',
      { nameConstraints: { permitted: ['example.net'] } },
      'UNSPECIFIED',
    ],
    ['RFC 5280 §4.2.1.10 that is excluded from the name', { nameConstraints: { excluded: ['com'] } }, 'UNSPECIFIED'],
    ['whose signature is wrong', { corruptSignature: true }, 'CERT_SIGNATURE_FAILURE'],
  ])('%s', async (_name, options, nodeCode) => {
    const ca = await root.issue({ isCa: true, ...options });
    const other = await ca.issue({ names: ['example.com'] });
    expect(refused({ chain: other.chainDer }).nodeCode).toBe(nodeCode);
  });

  test('§4.2.1.10 whose excluded name a wildcard of the leaf may stand for', async () => {
    const ca = await root.issue({ isCa: true, nameConstraints: { excluded: ['secret.example.com'] } });
    const other = await ca.issue({ names: ['*.example.com'] });
    expect(refused({ chain: other.chainDer, serverName: 'public.example.com' })).toEqual({
      ...bad,
      nodeCode: 'UNSPECIFIED',
    });
  });

  test('RFC 5280 §4.2.1.9 with more CAs below it than its pathLenConstraint', async () => {
    const first = await root.issue({ isCa: true, pathLength: 0 });
    const second = await first.issue({ isCa: true });
    const other = await second.issue({ names: ['example.com'] });
    expect(refused({ chain: other.chainDer })).toEqual({ ...bad, nodeCode: 'PATH_LENGTH_EXCEEDED' });
  });

  test('when there are more than six intermediates', async () => {
    let ca = root;
    for (let count = 0; count < 7; count += 1) ca = await ca.issue({ isCa: true });
    const other = await ca.issue({ names: ['example.com'] });
    expect(refused({ chain: other.chainDer })).toEqual({ ...bad, nodeCode: 'CERT_CHAIN_TOO_LONG' });
  });

  test('that expired, as an anchor', async () => {
    const old = await createRoot({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
    const other = await old.issue({ names: ['example.com'] });
    expect(refused({ chain: other.chainDer, anchors: anchorsFrom(old.certificateDer) }).nodeCode).toBe(
      'CERT_HAS_EXPIRED',
    );
  });
});

describe('a chain to no anchor is refused', () => {
  test('as lacking its intermediate, when the leaf came alone', () => {
    expect(refused({ chain: [leaf.certificateDer] })).toEqual({
      ...unknownIssuer,
      nodeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  test('as lacking an issuer, when some intermediates came', async () => {
    const lower = await intermediate.issue({ isCa: true });
    const other = await lower.issue({ names: ['example.com'] });
    const chain = [other.certificateDer, lower.certificateDer];
    expect(refused({ chain })).toEqual({ ...unknownIssuer, nodeCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });

  test('as ending at an untrusted root, when that came too', async () => {
    const stranger = await createRoot();
    const other = await stranger.issue({ names: ['example.com'] });
    const chain = [other.certificateDer, stranger.certificateDer];
    expect(refused({ chain })).toEqual({ ...unknownIssuer, nodeCode: 'SELF_SIGNED_CERT_IN_CHAIN' });
  });

  test.each<readonly [string, IssueOptions]>([
    ['a peer’s', { isCa: false }],
    ['a CA’s', {}],
    ['for another purpose', { isCa: false, extendedKeyUsage: ['codeSigning'] }],
  ])('as self-signed, when the leaf is and is %s', async (_name, options) => {
    const own = await createRoot({ names: ['example.com'], ...options });
    expect(refused({ chain: [own.certificateDer] })).toEqual({
      ...unknownIssuer,
      nodeCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test('although an anchor has the same name as its issuer and another key', async () => {
    const impostor = await createRoot({ commonName: 'root' });
    const other = await impostor.issue({ names: ['example.com'] });
    expect(['ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', 'ERR_TLS_CERTIFICATE_SIGNATURE']).toContain(
      refused({ chain: other.chainDer }).code,
    );
  });

  test('with every path that was tried and why it failed', async () => {
    const stranger = await createRoot();
    const ca = await stranger.issue({ isCa: true });
    const other = await ca.issue({ names: ['example.com'] });
    const { certificate } = thrownTlsError(() => verify({ chain: other.chainDer }));
    expect(certificate?.rejectedPaths).toHaveLength(1);
    expect(certificate?.rejectedPaths[0]).toMatchObject({
      path: [other.certificateDer, ca.certificateDer],
      code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    });
  });

  test('when its CAs signed each other in a circle', async () => {
    const one = await createRoot({ commonName: 'one' });
    const two = await createRoot({ commonName: 'two' });
    const oneByTwo = await two.issue({ isCa: true, commonName: 'one', sameKeyAs: one });
    const twoByOne = await one.issue({ isCa: true, commonName: 'two', sameKeyAs: two });
    const other = await one.issue({ names: ['example.com'] });
    const chain = [other.certificateDer, oneByTwo.certificateDer, twoByOne.certificateDer];
    expect(refused({ chain }).code).toBe(unknownIssuer.code);
  });
});

describe('work', () => {
  test('for a chain that was verified before needs no signature', () => {
    const { crypto, count } = countingCrypto((isValid) => isValid);
    expect(verifyCounted(crypto)).toHaveProperty('path');
    expect(count()).toBe(2);
    expect(verifyCounted(crypto)).toHaveProperty('path');
    expect(count()).toBe(2);
  });

  test('is paused where the crypto provider answers with a Promise', async () => {
    const { crypto, count } = countingCrypto((isValid) => Promise.resolve(isValid));
    const result = verifyCounted(crypto);
    expect(isPromiseLike(result)).toBe(true);
    expect((await result).path).toHaveLength(3);
    expect(count()).toBe(2);
  });

  test('that fails in the crypto provider fails the verification with the same error', async () => {
    const failure = new Error('the device is gone');
    const { crypto } = countingCrypto(() => Promise.reject(failure));
    await expect(verifyCounted(crypto)).rejects.toBe(failure);
  });

  function verifyCounted(crypto: CryptoProvider): ReturnType<typeof verifyChain> {
    const anchors = anchorsFrom(root.certificateDer);
    return verifyChain({
      chain: leaf.chainDer,
      anchors: sharedAnchors.get(root) ?? keep(anchors),
      purpose: 'server',
      serverName: 'example.com',
      time: Date.now(),
      crypto,
    });
  }

  const sharedAnchors = new Map<TestCertificate, ReturnType<typeof anchorsFrom>>();
  function keep(anchors: ReturnType<typeof anchorsFrom>): ReturnType<typeof anchorsFrom> {
    sharedAnchors.set(root, anchors);
    return anchors;
  }
});

describe('an unknown issuer is told from others:', () => {
  const hints: readonly (readonly [what: string, others: () => Promise<readonly Uint8Array[]>, hint: RegExp])[] = [
    ['the peer’s own certificate alone', async () => [], /its own certificate only/u],
    [
      'the root beside it',
      async () => [(await createRoot()).certificateDer],
      /a root in the place of the intermediate/u,
    ],
    [
      'another intermediate beside it',
      async () => [(await root.issue({ isCa: true })).certificateDer],
      /not the one of its certificate’s issuer/u,
    ],
  ];

  test.each(hints)('%s', async (_what, others, hint) => {
    const chain = [leaf.certificateDer, ...(await others())];
    const { certificate, code } = thrownTlsError(() => verify({ chain }));
    expect(code).toBe('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER');
    expect(certificate?.hint).toMatch(hint);
  });
});
