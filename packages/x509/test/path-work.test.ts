import { createRoot, type TestCertificate } from '@org/pki';
import { isPromiseLike } from '@org/tls-core/backend';
import { describe, expect, test } from 'vitest';
import type { TrustAnchors } from '../src/trust-anchor-set.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';
import { defaultLimits } from '../src/work-budget.ts';
import { countingCrypto } from './support/counting-crypto.ts';
import { thrownTlsError } from './support/thrown-tls-error.ts';

/** What a verification did: the signatures it verified, and how often it looked for the issuer of a certificate. */
interface Work {
  readonly signatures: number;
  readonly looks: number;
}

/** Verifies a chain against one root, and counts. */
function workOf(root: TestCertificate, chain: readonly Uint8Array[]): Work & { readonly verify: () => unknown } {
  const { crypto, count } = countingCrypto((isValid) => isValid);
  const set = anchorsFrom(root.certificateDer);
  const counted = { looks: 0 };
  const anchors: TrustAnchors = {
    leftOut: [],
    count: set.count,
    findBySubject: (subject) => {
      counted.looks += 1;
      return set.findBySubject(subject);
    },
  };
  return {
    get signatures() {
      return count();
    },
    get looks() {
      return counted.looks;
    },
    verify: () => {
      const given = { chain, anchors, crypto, purpose: 'server', serverName: 'example.com', time: Date.now() } as const;
      const result = verifyChain(given);
      if (isPromiseLike(result)) throw new Error('expected a result at once');
      return result;
    },
  };
}

const ders = (list: readonly TestCertificate[]): readonly Uint8Array[] => list.map((each) => each.certificateDer);

/** CAs of one name, each with a key of its own. */
function many(issuer: TestCertificate, count: number, commonName: string): Promise<readonly TestCertificate[]> {
  return Promise.all(Array.from({ length: count }, async () => issuer.issue({ isCa: true, commonName })));
}

describe('The work that a chain makes before anything is trusted', () => {
  test('is no signature where no path comes to an anchor', async () => {
    const root = await createRoot({ commonName: 'root' });
    const stranger = await createRoot({ commonName: 'stranger' });
    const cas = await many(stranger, 40, 'intermediate');
    const leaf = await (cas[0] ?? stranger).issue({ names: ['example.com'] });
    const work = workOf(root, ders([leaf, ...cas]));
    expect(thrownTlsError(work.verify).code).toBe('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER');
    expect(work.signatures).toBe(0);
  });

  test('is a bounded number of steps through layers of the same names', async () => {
    const root = await createRoot({ commonName: 'root' });
    const stranger = await createRoot({ commonName: 'L6' });
    const layers: TestCertificate[] = [];
    let issuer = stranger;
    for (let layer = 5; layer >= 0; layer -= 1) {
      const cas = await many(issuer, 10, `L${layer}`);
      layers.push(...cas);
      issuer = cas[0] ?? issuer;
    }
    const work = workOf(root, ders([await issuer.issue({ names: ['example.com'] }), ...layers]));
    expect(thrownTlsError(work.verify).family).toBe('certificate');
    expect(work.signatures).toBe(0);
    expect(work.looks).toBeGreaterThan(100);
    expect(work.looks).toBeLessThanOrEqual(defaultLimits.steps + 2);
  });

  test('is one signature for each certificate that falsely names the anchor as its issuer, in whatever paths it stands', async () => {
    const root = await createRoot({ commonName: 'root' });
    const impostor = await createRoot({ commonName: 'root' });
    const top = await many(impostor, 20, 'top');
    const low = await many(top[0] ?? impostor, 20, 'low');
    const leaf = await (low[0] ?? impostor).issue({ names: ['example.com'] });
    const work = workOf(root, ders([leaf, ...low, ...top]));
    expect(thrownTlsError(work.verify).family).toBe('certificate');
    expect(work.signatures).toBe(20);
  });

  test.each([
    ['ecdsa-p384', 4],
    ['ecdsa-p521', 8],
  ] as const)('is as many signatures as the anchor’s kind of key allows: %s', async (algorithm, cost) => {
    const root = await createRoot({ commonName: 'root', algorithm });
    const impostor = await createRoot({ commonName: 'root', algorithm });
    const cas = await many(impostor, 30, 'intermediate');
    const leaf = await (cas[0] ?? impostor).issue({ names: ['example.com'] });
    const work = workOf(root, ders([leaf, ...cas]));
    expect(thrownTlsError(work.verify).family).toBe('certificate');
    expect(work.signatures).toBe(defaultLimits.signatures / cost);
  });

  test('is nothing where more certificates come than are looked at', async () => {
    const root = await createRoot({ commonName: 'root' });
    const leaf = await root.issue({ names: ['example.com'] });
    const filler = Array.from({ length: defaultLimits.presented + 1 }, () => Uint8Array.of(0x30));
    const work = workOf(root, [leaf.certificateDer, ...filler]);
    expect(thrownTlsError(work.verify).code).toBe('ERR_TLS_CERTIFICATE_BAD');
    expect(work.signatures).toBe(0);
  });

  test('finds the one path among as many others as may come', async () => {
    const root = await createRoot({ commonName: 'root' });
    const good = await root.issue({ isCa: true, commonName: 'intermediate' });
    const leaf = await good.issue({ names: ['example.com'] });
    const others = await many(await createRoot({ commonName: 'root' }), 40, 'intermediate');
    const filler = Array.from({ length: 20 }, () => Uint8Array.of(0x30));
    const work = workOf(root, [leaf.certificateDer, ...filler, ...ders(others), good.certificateDer]);
    expect(work.verify()).toHaveProperty('path.length', 3);
    expect(work.signatures).toBeLessThanOrEqual(42);
  });
});
