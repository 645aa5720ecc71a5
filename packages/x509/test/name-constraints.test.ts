import { createRoot, type TestCertificate } from '@org/pki';
import { nodeCrypto } from '@org/tls-crypto/node';
import { contextTag, derElement, DerReader, DerTag } from '@org/tls-crypto/der';
import { beforeAll, describe, expect, test } from 'vitest';
import { nameKey, readName } from '../src/names/distinguished-name.ts';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';
import { thrownTlsError } from './support/thrown-tls-error.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => derElement(DerTag.sequence, ...parts);
const commonName = Uint8Array.of(6, 3, 0x55, 4, 3);

/** A Name of one common name, as a UTF8String. */
function named(value: string): Uint8Array {
  return sequence(derElement(DerTag.set, sequence(commonName, derElement(DerTag.utf8String, text(value)))));
}

const directory = (value: string): Uint8Array => derElement(contextTag(4, true), named(value));

let root: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
});

/** Verifies a leaf with this subject below a CA with one constraint on directory names. */
async function verify(list: 'permitted' | 'excluded', base: string, subject: string): Promise<unknown> {
  const value = sequence(derElement(contextTag(list === 'permitted' ? 0 : 1, true), sequence(directory(base))));
  const ca = await root.issue({ isCa: true, extensions: [{ oid: '2.5.29.30', critical: true, value }] });
  const leaf = await ca.issue({ names: ['example.com'], commonName: subject });
  return verifyChain({
    chain: leaf.chainDer,
    anchors: anchorsFrom(root.certificateDer),
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
  });
}

async function refusal(list: 'permitted' | 'excluded', base: string, subject: string): Promise<string> {
  const outcome: unknown = await verify(list, base, subject).catch((error: unknown) => error);
  const { code, certificate } = thrownTlsError(() => {
    throw outcome;
  });
  expect(code).toBe('ERR_TLS_CERTIFICATE_BAD');
  return certificate?.rejectedPaths[0]?.reason ?? '';
}

const spaces = ' '.repeat(1100);

describe('RFC 5280 §7.1 a subject is compared with a constraint', () => {
  test('whatever its letters and its spaces are', async () => {
    expect(await refusal('excluded', 'Evil Corp', 'EVIL   corp')).toMatch(/is excluded/u);
    expect(await verify('permitted', 'Good Corp', 'good  corp')).toHaveProperty('path.length', 3);
    expect(await verify('excluded', 'Evil Corp', 'Good Corp')).toHaveProperty('path.length', 3);
  });

  test.each([
    ['over 1,024 bytes', `Evil Corp${spaces}`],
    ['with a phrase in one character', 'Evil Corp \ufdfa'],
  ])('and refused where it cannot be: %s', async (_what, subject) => {
    expect(await refusal('excluded', 'Evil Corp', subject)).toMatch(/cannot be compared/u);
    expect(await refusal('permitted', 'Evil Corp', subject)).toMatch(/cannot be compared/u);
  });

  test('and refused where the constraint cannot be', async () => {
    expect(await refusal('excluded', `Evil Corp${spaces}`, 'Evil Corp')).toMatch(/cannot be compared/u);
  });
});

describe('names of issuers', () => {
  const keyOf = (der: Uint8Array): string => nameKey(readName(new DerReader(der, 'Name')));

  test('are the same in other letters, as long as they have 1,024 bytes at most', () => {
    expect(keyOf(named('Some CA'))).toBe(keyOf(named('SOME  ca')));
    expect(keyOf(named(`Some CA${'x'.repeat(900)}`))).toBe(keyOf(named(`SOME CA${'X'.repeat(900)}`)));
    expect(keyOf(named(`Some CA${'x'.repeat(1024)}`))).not.toBe(keyOf(named(`SOME CA${'X'.repeat(1024)}`)));
    expect(keyOf(named(`Some CA${'x'.repeat(1024)}`))).toBe(keyOf(named(`Some CA${'x'.repeat(1024)}`)));
  });

  test('are prepared once, and never grow beyond what their characters mean', () => {
    const name = readName(new DerReader(named('\ufdfa'.repeat(300)), 'Name'));
    expect(nameKey(name)).toBe(nameKey(name));
    expect(nameKey(name).length).toBeLessThan(1100);
    expect(nameKey(name)).not.toBe(keyOf(named('\ufdfa'.repeat(299))));
  });
});
