import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { peerVerifier } from '../src/index.ts';

/** A chain that CAs and tools made, and what a verifier should say of it; `either` where verifiers of good name differ. */
interface WorldlyCase {
  readonly id: string;
  readonly want: 'ACCEPT' | 'REJECT' | 'either';
  readonly purpose: 'server' | 'client';
  /** DER in Base64, leaf first. */
  readonly chain: readonly string[];
  readonly anchors: readonly string[];
  readonly crls?: readonly string[];
  readonly name: string | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const path = join(sharedData('.'), '..', 'faults', 'certificates', 'cases-repro.json');
const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly WorldlyCase[];

/** What we say where verifiers of good name differ, and why. */
const choices: Readonly<Record<string, 'ACCEPT' | 'REJECT'>> = {
  // A CA's key signs certificates, not handshakes (CA/Browser Forum BR §7.1.2.7.8).
  '4.6.8 Valid pathLenConstraint Test8': 'REJECT',
  'leaf CA:TRUE issued by CA': 'REJECT',
  // TLS 1.3 signs with the peer's key in every handshake (RFC 8446 §4.4.2.2).
  'leaf keyUsage keyEncipherment only': 'REJECT',
  // A peer's certificate names its purpose (CA/Browser Forum BR §7.1.2.7.10).
  'leaf EKU any only': 'REJECT',
  // A wildcard never stands directly under a top-level domain.
  'wildcard *.internal for x.internal': 'REJECT',
  // Form alone: a certificate of version 1 has no names, and a client's needs none.
  'client: v1 client certificate (openssl x509 -req without -extfile)': 'ACCEPT',
};

async function verdictOn(worldly: WorldlyCase): Promise<'ACCEPT' | 'REJECT'> {
  const { purpose, chain, anchors, crls = [], name, time } = worldly;
  try {
    const judge = peerVerifier().createJudge({
      role: purpose === 'server' ? 'client' : 'server',
      trust: anchors.map(bytes),
      ...(crls.length > 0 && { revocation: { crls: crls.map(bytes) } }),
    });
    await judge({ chain: chain.map(bytes), serverName: name ?? undefined, time, staple: undefined });
    return 'ACCEPT';
  } catch {
    return 'REJECT';
  }
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

describe('a chain that CAs and tools really make', () => {
  test.each(cases)('$id', async (worldly) => {
    expect(await verdictOn(worldly)).toBe(worldly.want === 'either' ? choices[worldly.id] : worldly.want);
  });

  test('is decided here where verifiers of good name differ', () => {
    const open = cases.filter(({ want }) => want === 'either').map(({ id }) => id);
    expect(Object.keys(choices).toSorted()).toEqual(open.toSorted());
  });
});
