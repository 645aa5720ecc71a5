import { isTlsError } from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { parseCertificate } from '../src/certificate.ts';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { anchorsFrom } from '../src/trust-anchors.ts';
import { verifyChain } from '../src/verifier.ts';

let root: TestCertificate;
let leaf: TestCertificate;

beforeAll(async () => {
  root = await createRoot({ nameConstraints: { permitted: ['example.com', '10.0.0.0/8'] } });
  const intermediate = await root.issue({ isCa: true, pathLength: 1 });
  leaf = await intermediate.issue({ names: ['example.com', '10.0.0.1'] });
});

interface Mutation {
  readonly at: number;
  readonly drop: number;
  readonly insert: Uint8Array;
}

const mutations = fc.array(
  fc.record<Mutation>({
    at: fc.nat(2000),
    drop: fc.nat(3),
    insert: fc.uint8Array({ maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function mutate(bytes: Uint8Array, steps: readonly Mutation[]): Uint8Array {
  let result = bytes;
  for (const { at, drop, insert } of steps) {
    const from = at % (result.length + 1);
    result = Uint8Array.from([...result.subarray(0, from), ...insert, ...result.subarray(from + drop)]);
  }
  return result;
}

/** Whether it was done; any error but a TlsError fails the test. */
function attempt(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!isTlsError(error)) throw error;
    return false;
  }
}

test('a mutated certificate is read, or refused with a TlsError', () => {
  fc.assert(
    fc.property(mutations, (steps) => {
      expect(attempt(() => parseCertificate(mutate(leaf.certificateDer, steps)))).toBeTypeOf('boolean');
      expect(attempt(() => parseCertificate(mutate(root.certificateDer, steps)))).toBeTypeOf('boolean');
    }),
    { numRuns: 4000 },
  );
});

test('a chain with a mutated certificate is verified only when a path does without it', () => {
  const anchors = anchorsFrom(root.certificateDer);
  const options = {
    anchors,
    purpose: 'server',
    serverName: 'example.com',
    time: Date.now(),
    crypto: nodeCrypto,
  } as const;
  fc.assert(
    fc.property(mutations, fc.nat(1), (steps, index) => {
      const chain = leaf.chainDer.map((der, position) => (position === index ? mutate(der, steps) : der));
      const isSame = Buffer.compare(Buffer.concat(chain), Buffer.concat(leaf.chainDer)) === 0;
      expect(attempt(() => verifyChain({ ...options, chain }))).toBe(isSame);
    }),
    { numRuns: 1000 },
  );
});

test('any bytes are no certificate and no private key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(attempt(() => parseCertificate(bytes))).toBe(false);
      expect(attempt(() => parsePrivateKey(bytes))).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
