import { isTlsError } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';
import { readTestData } from './support/limbo.ts';

interface BetterTlsCase {
  readonly id: string;
  readonly certificates: readonly string[];
  readonly hostname: string;
  readonly expected: 'ACCEPT' | 'REJECT';
}

interface BetterTlsFile {
  readonly trustRoot: string;
  readonly suites: Readonly<Record<string, { readonly testCases: readonly BetterTlsCase[] }>>;
}

/** The suite's certificates are valid around this time. */
const time = Date.UTC(2026, 11, 1);

describe.each([
  ['path building', 'bettertls/pathbuilding.json', 'pathbuilding', 81],
  ['name constraints', 'bettertls/nameconstraints-sample.json', 'nameconstraints', 475],
])('BetterTLS %s', (_name, file, suite, count) => {
  const { trustRoot, suites } = readTestData(file) as BetterTlsFile;
  const anchors = anchorsFrom(fromBase64(trustRoot));
  const cases = suites[suite]?.testCases ?? [];

  test('is complete', () => {
    expect(cases).toHaveLength(count);
  });

  test.each(cases)('case $id: $expected for $hostname', ({ certificates, hostname, expected }) => {
    const verify = () =>
      verifyChain({
        chain: certificates.map(fromBase64),
        anchors,
        purpose: 'server',
        serverName: hostname,
        time,
        crypto: nodeCrypto,
      });
    expect(verdict(verify)).toBe(expected);
  });
});

function verdict(verify: () => unknown): 'ACCEPT' | 'REJECT' {
  try {
    verify();
    return 'ACCEPT';
  } catch (error) {
    if (!isTlsError(error) || error.family !== 'certificate') throw error;
    return 'REJECT';
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
