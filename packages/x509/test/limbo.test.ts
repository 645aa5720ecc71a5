import { join } from 'node:path';
import { isTlsError } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { readRevocation } from '../src/revocation-rules.ts';
import { verifyChain } from '../src/verifier.ts';
import { casesById, divergences, divergingIds, profileOf, type LimboReading } from './support/limbo-divergences.ts';
import { limboPage } from './support/limbo-page.ts';
import { isRefusedByNobody, otherVerifiers } from './support/limbo-verdicts.ts';
import { derOf, limboCases, type LimboCase } from './support/limbo.ts';

/** A time at which the cases that name none are valid. */
const defaultTime = Date.UTC(2026, 5, 1);

type Verdict = 'SUCCESS' | 'FAILURE';

const publicSuffixes = new Set(['com', 'co.uk', 's3.amazonaws.com']);

/** Any error but one of the certificate family fails the test. */
function verdictOn(limboCase: LimboCase, reading: LimboReading): Verdict {
  const { expected_peer_name: name, max_chain_depth: maxIntermediates, validation_time: time, crls } = limboCase;
  try {
    const result = verifyChain({
      chain: [limboCase.peer_certificate, ...limboCase.untrusted_intermediates].map(derOf),
      anchors: anchorsFrom(limboCase.trusted_certs.map(derOf)),
      purpose: limboCase.validation_kind === 'SERVER' ? 'server' : 'client',
      serverName: name?.value,
      time: time === null ? defaultTime : Date.parse(time),
      crypto: nodeCrypto,
      profile: profileOf(limboCase, reading),
      isPublicSuffix: (domain) => publicSuffixes.has(domain),
      ...(crls.length === 0 ? {} : { revocation: readRevocation({ crls }) }),
      ...(maxIntermediates === null ? {} : { maxIntermediates }),
    });
    expect(result).toHaveProperty('path');
    return 'SUCCESS';
  } catch (error) {
    // a root that cannot be read, or a name that is none, is refused as a bad configuration
    if (!isTlsError(error) || (error.family !== 'certificate' && error.code !== 'ERR_TLS_CONFIG')) throw error;
    if (error.code !== 'ERR_TLS_CONFIG' && error.certificate === undefined) throw error;
    return 'FAILURE';
  }
}

const cases = limboCases();
const readings: readonly (readonly [what: string, reading: LimboReading])[] = [
  ['the profile that the case is about', 'own'],
  ['the default profile', 'default'],
];

describe.each(readings)('x509-limbo under %s', (_what, reading) => {
  const diverging = divergingIds(reading);

  test.each(cases.filter(({ id }) => !diverging.has(id)))('$id: our verdict is the suite’s', (limboCase) => {
    expect(verdictOn(limboCase, reading)).toBe(limboCase.expected_result);
  });

  test.each(cases.filter(({ id }) => diverging.has(id)))(
    '$id: our verdict differs, for the reason listed',
    (limboCase) => {
      expect(verdictOn(limboCase, reading)).not.toBe(limboCase.expected_result);
    },
  );
});

describe('x509-limbo: the cases on which we differ', () => {
  test('are ten at most under the profile that each is about', () => {
    expect(divergingIds('own').size).toBeLessThanOrEqual(10);
  });

  test('are never ones that we refuse by default while the suite, OpenSSL, Go and webpki all accept them', () => {
    const lonely = [...divergingIds('default', 'stricter')].filter(isRefusedByNobody);
    expect(lonely).toEqual([]);
  });

  test('are ones that we refuse and ones that we accept as the list says', () => {
    for (const { kind, ids } of divergences) {
      const expected = kind === 'stricter' ? 'SUCCESS' : 'FAILURE';
      for (const id of ids) expect([id, casesById.get(id)?.expected_result]).toEqual([id, expected]);
    }
  });

  test('docs/x509-limbo.md has them all, with what other verifiers say', async () => {
    expect(otherVerifiers).toHaveLength(4);
    const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'x509-limbo.md');
    await expect(limboPage(cases.length)).toMatchFileSnapshot(page);
  });
});
