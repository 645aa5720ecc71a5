import { createRoot, type IssueOptions, type TestCertificate } from '@org/pki';
import type { CertificateProfile } from '@org/tls-core';
import { certificateFaults, type CertificateFault } from '@org/tls-core/backend';
import { nodeCrypto } from '@org/tls-crypto/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { readRevocation } from '../src/revocation-rules.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';
import { thrownTlsError } from './support/thrown-tls-error.ts';

/** One fault, and how a chain of a root, a CA and a leaf gets it. */
interface Fault {
  readonly name: string;
  readonly reported: CertificateFault;
  readonly leaf?: IssueOptions;
  readonly ca?: IssueOptions;
  readonly serverName?: string;
  readonly isUntrusted?: boolean;
  readonly isRevoked?: boolean;
}

const zero = Uint8Array.of(0);

/** The faults in the order in which one of them is reported before another that the same path has. */
const faults: readonly Fault[] = [
  {
    name: 'the leaf expired',
    reported: 'expired',
    leaf: { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') },
  },
  { name: 'the leaf is for another purpose', reported: 'purpose', leaf: { extendedKeyUsage: ['clientAuth'] } },
  {
    name: 'the leaf has an unknown critical extension',
    reported: 'criticalExtension',
    leaf: { extensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] },
  },
  {
    name: 'the CA is not valid yet',
    reported: 'notYetValid',
    ca: { notBefore: new Date('2090-01-01'), notAfter: new Date('2091-01-01') },
  },
  { name: 'nobody trusts the root', reported: 'unknownIssuer', isUntrusted: true },
  { name: 'the leaf’s signature is wrong', reported: 'signature', leaf: { corruptSignature: true } },
  {
    name: 'the CA may not vouch for the name',
    reported: 'nameConstraint',
    ca: { nameConstraints: { permitted: ['example.org', 'example.net'] } },
  },
  { name: 'the leaf was revoked', reported: 'revoked', isRevoked: true },
  { name: 'the leaf is for another host', reported: 'hostName', serverName: 'www.example.net' },
  { name: 'the leaf breaks a rule of the Baseline Requirements', reported: 'form', leaf: { commonName: 'another' } },
  { name: 'the leaf breaks a rule of RFC 5280', reported: 'form', leaf: { serialNumber: zero } },
  { name: 'the CA breaks a rule of RFC 5280', reported: 'form', ca: { serialNumber: zero } },
];

let root: TestCertificate;
let stranger: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ commonName: 'root' });
  stranger = await createRoot({ commonName: 'stranger' });
});

/** Verifies a chain that has all these faults. @returns the hint, by which faults are told from each other */
async function reportedOf(
  having: readonly Fault[],
  profile: CertificateProfile = 'webpki',
): Promise<string | undefined> {
  const caOptions = Object.assign({}, ...having.map(({ ca }) => ca)) as IssueOptions;
  const leafOptions = Object.assign({}, ...having.map(({ leaf }) => leaf)) as IssueOptions;
  const ca = await root.issue({ isCa: true, commonName: 'authority', ...caOptions });
  const leaf = await ca.issue({ names: ['www.example.com'], ...leafOptions });
  const serialNumber = parseCertificate(leaf.certificateDer).serialNumber;
  const serialNumbers = having.some(({ isRevoked }) => isRevoked) ? [serialNumber] : [];
  const crls = [await ca.issueCrl({ serialNumbers }), await root.issueCrl()];
  const { certificate } = thrownTlsError(() =>
    verifyChain({
      chain: leaf.chainDer,
      anchors: anchorsFrom((having.some(({ isUntrusted }) => isUntrusted) ? stranger : root).certificateDer),
      purpose: 'server',
      serverName: having.find(({ serverName }) => serverName !== undefined)?.serverName ?? 'www.example.com',
      time: Date.now(),
      crypto: nodeCrypto,
      profile,
      revocation: readRevocation({ crls }),
    }),
  );
  return certificate?.hint;
}

describe('a chain with one fault is refused for it:', () => {
  test.each(faults)('$name', async (fault) => {
    expect(await reportedOf([fault])).toBe(certificateFaults[fault.reported].hint);
  });
});

const pairs = faults.flatMap((first, index) => faults.slice(index + 1).map((second) => ({ first, second })));

describe('of two faults the one that matters more is reported:', () => {
  test.each(pairs)('$first.name, before that $second.name', async ({ first, second }) => {
    expect(await reportedOf([second, first])).toBe(certificateFaults[first.reported].hint);
  });
});

describe('form is reported behind everything else:', () => {
  test.each(faults.filter(({ reported }) => reported !== 'form'))('$name', async (fault) => {
    const rules = faults.filter(({ reported }) => reported === 'form');
    expect(await reportedOf([...rules, fault])).toBe(certificateFaults[fault.reported].hint);
  });
});

describe('another path is taken where one breaks a rule about form', () => {
  test('and when there is none, the rule is named with its book', async () => {
    const bad = await root.issue({ isCa: true, commonName: 'authority', serialNumber: zero });
    const good = await root.issue({ isCa: true, commonName: 'authority', sameKeyAs: bad });
    const leaf = await good.issue({ names: ['www.example.com'] });
    const given = {
      anchors: anchorsFrom(root.certificateDer),
      purpose: 'server',
      serverName: 'www.example.com',
      time: Date.now(),
      crypto: nodeCrypto,
      profile: 'rfc5280',
    } as const;
    const chain = [leaf.certificateDer, bad.certificateDer, good.certificateDer];
    expect(verifyChain({ ...given, chain })).toMatchObject({
      path: [leaf, good, root].map((each) => each.certificateDer),
    });
    const { certificate } = thrownTlsError(() => verifyChain({ ...given, chain: chain.slice(0, 2) }));
    expect(certificate?.rejectedPaths.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('RFC 5280 §4.1.2.2'),
    ]);
  });

  test('a rule of the Baseline Requirements is not called one of RFC 5280', async () => {
    const leaf = await root.issue({ names: ['www.example.com'], commonName: 'another' });
    const { message } = thrownTlsError(() =>
      verifyChain({
        chain: leaf.chainDer,
        anchors: anchorsFrom(root.certificateDer),
        purpose: 'server',
        serverName: 'www.example.com',
        time: Date.now(),
        crypto: nodeCrypto,
        profile: 'webpki',
      }),
    );
    expect(message).toMatch(/BR §7\.1\.4\.3/u);
    expect(message).not.toMatch(/RFC 5280/u);
  });
});
