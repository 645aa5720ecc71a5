import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot, thrown, toPem, type CertificateExtension, type TestCertificate } from '@org/pki';
import { derElement } from '@org/tls-crypto/der';
import { nodeCrypto } from '@org/tls-crypto/node';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';

const anyPolicy = [2, 5, 29, 32, 0];
const gold = [1, 3, 6, 1, 4, 1, 1];
const silver = [1, 3, 6, 1, 4, 1, 2];
const bronze = [1, 3, 6, 1, 4, 1, 3];

/** What a certificate says about policies. */
interface PolicyOptions {
  readonly policies?: readonly (readonly number[])[] | undefined;
  readonly mappings?: readonly (readonly [issuer: readonly number[], subject: readonly number[]])[] | undefined;
  readonly requireExplicitPolicy?: number | undefined;
  readonly inhibitPolicyMapping?: number | undefined;
  readonly inhibitAnyPolicy?: number | undefined;
}

function extensionsOf(options: PolicyOptions): readonly CertificateExtension[] {
  const { policies, mappings, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = options;
  const constraints = [
    ...(requireExplicitPolicy === undefined ? [] : [derElement(0x80, Uint8Array.of(requireExplicitPolicy))]),
    ...(inhibitPolicyMapping === undefined ? [] : [derElement(0x81, Uint8Array.of(inhibitPolicyMapping))]),
  ];
  return [
    ...(policies === undefined ? [] : [{ oid: '2.5.29.32', value: list(policies.map((each) => list([oid(each)]))) }]),
    ...(mappings === undefined
      ? []
      : [{ oid: '2.5.29.33', critical: true, value: list(mappings.map((pair) => list(pair.map(oid)))) }]),
    ...(constraints.length === 0 ? [] : [{ oid: '2.5.29.36', critical: true, value: list(constraints) }]),
    ...(inhibitAnyPolicy === undefined
      ? []
      : [{ oid: '2.5.29.54', critical: true, value: derElement(2, Uint8Array.of(inhibitAnyPolicy)) }]),
  ];
}

function list(elements: readonly Uint8Array[]): Uint8Array {
  return derElement(0x30, ...elements);
}

function oid([first = 0, second = 0, ...rest]: readonly number[]): Uint8Array {
  return derElement(6, Uint8Array.of(40 * first + second, ...rest));
}

let root: TestCertificate;
let folder: string;

beforeAll(async () => {
  root = await createRoot();
  folder = mkdtempSync(join(tmpdir(), 'policies-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Issues a chain, the CA below the root first and the peer's certificate last. */
async function chainOf(...all: readonly PolicyOptions[]): Promise<TestCertificate> {
  let issuer = root;
  for (const [index, options] of all.entries()) {
    const isCa = index < all.length - 1;
    const extensions = extensionsOf(options);
    issuer = await issuer.issue(isCa ? { isCa, extensions, sameKeyAs: root } : { names: ['example.com'], extensions });
  }
  return issuer;
}

function verify(leaf: TestCertificate, acceptable?: readonly (readonly number[])[]): unknown {
  return verifyChain({
    chain: leaf.chainDer,
    anchors: anchorsFrom(root.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
    certificatePolicies: acceptable?.map((policy) => policy.join('.')),
  });
}

const accepted = { path: expect.any(Array) as unknown[] };
const refused = { code: 'ERR_TLS_CERTIFICATE_BAD' };

describe('RFC 5280 §6.1 a chain without a policy', () => {
  test('is accepted where nobody demands one', async () => {
    const leaf = await chainOf({}, {});
    expect(verify(leaf)).toMatchObject(accepted);
  });

  test('is refused where the configuration demands one', async () => {
    const leaf = await chainOf({}, {});
    expect(thrown(() => verify(leaf, [gold]))).toMatchObject(refused);
  });

  test.each([0, 1])('is refused where a CA demands one after %i certificates', async (requireExplicitPolicy) => {
    const leaf = await chainOf({ policies: [gold], requireExplicitPolicy }, { policies: [silver] });
    expect(thrown(() => verify(leaf))).toMatchObject(refused);
  });
});

describe('RFC 5280 §6.1 a policy', () => {
  test('holds when every certificate has it, or any policy', async () => {
    const leaf = await chainOf({ policies: [anyPolicy] }, { policies: [gold, silver] }, { policies: [gold] });
    expect(verify(leaf, [gold])).toMatchObject(accepted);
    expect(thrown(() => verify(leaf, [silver]))).toMatchObject(refused);
  });

  test('of one certificate alone does not hold', async () => {
    const leaf = await chainOf({ policies: [silver] }, { policies: [gold] });
    expect(thrown(() => verify(leaf, [gold, silver]))).toMatchObject(refused);
  });

  test('§4.2.1.5 is another one below a CA that maps it', async () => {
    const leaf = await chainOf({ policies: [gold], mappings: [[gold, silver]] }, { policies: [silver] });
    expect(verify(leaf, [gold])).toMatchObject(accepted);
    expect(thrown(() => verify(leaf, [silver]))).toMatchObject(refused);
  });

  test('§4.2.1.11 is not mapped where that is inhibited', async () => {
    const leaf = await chainOf(
      { policies: [gold], inhibitPolicyMapping: 0 },
      { policies: [gold], mappings: [[gold, silver]] },
      { policies: [silver] },
    );
    expect(thrown(() => verify(leaf, [gold]))).toMatchObject(refused);
  });

  test('§4.2.1.14 is not any policy where that is inhibited', async () => {
    const leaf = await chainOf({ policies: [gold], inhibitAnyPolicy: 0 }, { policies: [anyPolicy] });
    expect(thrown(() => verify(leaf, [gold]))).toMatchObject(refused);
  });

  test('§6.1.4 (a) is never any policy in a mapping', async () => {
    const leaf = await chainOf({ policies: [gold], mappings: [[anyPolicy, gold]] }, { policies: [gold] });
    expect(thrown(() => verify(leaf))).toMatchObject(refused);
  });
});

test('hundreds of mappings below each other cost no more than their number (CVE-2023-0464)', async () => {
  const many = Array.from({ length: 11 }, (_, index) => [1, 3, 6, 1, 4, 1, index + 1] as const);
  const mappings = many.flatMap((from) => many.map((to) => [from, to] as const));
  const options = { policies: many, mappings };
  const leaf = await chainOf(options, options, options, options, options, options, { policies: many });
  expect(verify(leaf, [gold])).toMatchObject(accepted);
});

describe('OpenSSL gives the same verdict on', () => {
  const policy = fc.constantFrom(gold, silver, bronze);
  const skip = fc.option(fc.nat(2), { nil: undefined });
  const certificate = fc
    .record({
      policies: fc.option(fc.uniqueArray(fc.constantFrom(anyPolicy, gold, silver, bronze), { minLength: 1 }), {
        nil: undefined,
        freq: 6,
      }),
      mappings: fc.option(fc.uniqueArray(fc.tuple(policy, policy), { minLength: 1, maxLength: 2 }), { nil: undefined }),
      requireExplicitPolicy: skip,
      inhibitPolicyMapping: skip,
      inhibitAnyPolicy: skip,
    })
    // OpenSSL takes what a CA maps for what it asserts, also where its anyPolicy is inhibited; RFC 5280 §6.1.4 (b) (1) does not.
    .map(({ mappings = [], ...each }): PolicyOptions => {
      const asserted = mappings.filter(([issuer]) => each.policies?.includes(issuer));
      return { ...each, mappings: asserted.length === 0 ? undefined : asserted };
    });
  const peer = certificate.map(({ policies }): PolicyOptions => ({ policies }));

  test('chains with random policies', async () => {
    const chains = fc.tuple(
      fc.array(certificate, { minLength: 1, maxLength: 3 }),
      peer,
      fc.uniqueArray(policy, { minLength: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(chains, async ([cas, last, acceptable]) => {
        const leaf = await chainOf(...cas, last);
        expect(isAccepted(() => verify(leaf, acceptable))).toBe(isAccepted(() => opensslVerify(leaf, acceptable)));
      }),
      { numRuns: Number(process.env['POLICY_RUNS'] ?? 60), seed: 20261129 },
    );
  });
});

function isAccepted(judge: () => unknown): boolean {
  try {
    judge();
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when OpenSSL refuses the chain */
function opensslVerify(leaf: TestCertificate, acceptable: readonly (readonly number[])[]): void {
  const [own, ...others] = leaf.chainDer.map((der) => toPem('CERTIFICATE', der));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const policies = acceptable.flatMap((policy) => ['-policy', policy.join('.')]);
  const anchor = ['-CAfile', write('root.pem', toPem('CERTIFICATE', root.certificateDer))];
  const chain = ['-untrusted', write('others.pem', others.join('')), write('leaf.pem', own ?? '')];
  execFileSync('openssl', ['verify', ...anchor, '-explicit_policy', ...policies, ...chain], { stdio: 'pipe' });
}
