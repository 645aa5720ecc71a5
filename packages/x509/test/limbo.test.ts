import { isTlsError, type CertificateProfile } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { readRevocation } from '../src/revocation-rules.ts';
import { verifyChain } from '../src/verifier.ts';
import { limboDivergences } from './support/limbo-divergences.ts';
import { derOf, limboCases, type LimboCase } from './support/limbo.ts';

/** A time at which the cases that name none are valid. */
const defaultTime = Date.UTC(2026, 5, 1);

type Verdict = 'SUCCESS' | 'FAILURE';

/** The rules that a case is about, which the suite has both ways where RFC 5280 and the CA/Browser Forum differ. */
function profileOf({ id }: LimboCase): CertificateProfile {
  if (id.startsWith('rfc5280::')) return 'rfc5280';
  return id.startsWith('webpki::') ? 'webpki' : 'compatible';
}

const publicSuffixes = new Set(['com', 'co.uk', 's3.amazonaws.com']);

/** Any error but one of the certificate family fails the test. */
function verdictOn(limboCase: LimboCase): Verdict {
  const { expected_peer_name: name, max_chain_depth: maxIntermediates, validation_time: time, crls } = limboCase;
  try {
    const result = verifyChain({
      chain: [limboCase.peer_certificate, ...limboCase.untrusted_intermediates].map(derOf),
      anchors: anchorsFrom(limboCase.trusted_certs.map(derOf)),
      purpose: limboCase.validation_kind === 'SERVER' ? 'server' : 'client',
      serverName: name?.value,
      time: time === null ? defaultTime : Date.parse(time),
      crypto: nodeCrypto,
      profile: profileOf(limboCase),
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

describe('x509-limbo: our verdict is the suite’s', () => {
  test.each(cases.filter(({ id }) => !limboDivergences.has(id)))('$id', (limboCase) => {
    expect(verdictOn(limboCase)).toBe(limboCase.expected_result);
  });
});

describe('x509-limbo: our verdict differs, for the reason listed', () => {
  test.each(cases.filter(({ id }) => limboDivergences.has(id)))('$id', (limboCase) => {
    expect(verdictOn(limboCase)).not.toBe(limboCase.expected_result);
  });

  test('fifteen cases at most, and one that we accept and the suite rejects: a list without a number', () => {
    const diverging = cases.filter(({ id }) => limboDivergences.has(id));
    expect(diverging.length).toBeLessThanOrEqual(15);
    const laxer = diverging.filter(({ expected_result: expected }) => expected === 'FAILURE');
    expect(laxer.map(({ id }) => id)).toEqual(['crl::crlnumber-missing']);
  });

  test('only cases that exist are listed', () => {
    const ids = new Set(cases.map(({ id }) => id));
    expect([...limboDivergences.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
});
