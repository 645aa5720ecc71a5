import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { HandshakeType, misbehavingBackend } from '@org/tls-pure/misbehaving';
import { peerVerifier } from '@org/x509';
import { describe, expect, test } from 'vitest';
import { identityOf, join as joined, MemoryPair } from '../src/memory-pair.ts';

/** A chain that CAs and tools made, and what a verifier should say of it; `either` where verifiers of good name differ. */
interface WorldlyChain {
  readonly id: string;
  readonly want: 'ACCEPT' | 'REJECT' | 'either';
  /** What the peer is that shows the chain. */
  readonly purpose: 'server' | 'client';
  /** DER in Base64, leaf first. */
  readonly chain: readonly string[];
  readonly anchors: readonly string[];
  readonly name: string | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const path = join(sharedData('.'), '..', 'faults', 'certificates', 'cases-repro.json');
const chains = JSON.parse(readFileSync(path, 'utf8')) as readonly WorldlyChain[];

/** What OpenSSL says otherwise, and why; each must still differ. Where verifiers of good name differ, tls-pure's verdict is compared. */
const opensslDeviations: Readonly<Record<string, string>> = {
  'underscore host under wildcard *.example.com':
    'OpenSSL takes only letters, digits and hyphens for what a wildcard stands for',
  'v3 root without basicConstraints':
    'OpenSSL takes a root of version 3 for a CA’s only where it has basicConstraints, or a keyUsage',
  'unknown-critical-policy-qualifier/main.test':
    'OpenSSL processes policies only where a program asks for it, and does not look at their qualifiers',
};

type Verdict = 'ACCEPT' | 'REJECT';

/**
 * Shows a chain in a handshake. Nobody has its private key: a side that accepts it refuses the signature afterwards, which is no fault of
 * the certificate.
 */
async function verdictOf(backend: TlsBackend, worldly: WorldlyChain): Promise<Verdict> {
  const { chain, anchors, time } = worldly;
  const trust = anchors.map(bytes);
  const shows = misbehavingBackend({ shapeMessage: (message) => withChain(message, chain.map(bytes)) });
  const name = worldly.name ?? nameIn(chain[0] ?? '');
  // Nothing is a server's certificate without a name to prove, and the old test suites have none: they are shown by a client.
  const isServer = worldly.purpose === 'server' && name !== undefined;
  const clock = (): number => time;
  const pair = isServer
    ? new MemoryPair({ client: backend, server: shows }, { serverName: name, client: { trust, clock } })
    : new MemoryPair(
        { client: shows, server: backend },
        {
          client: { identity: identityOf('ecdsa-p256') },
          server: { clientAuthentication: 'require', clientTrust: trust, clock },
        },
      );
  await pair.settle();
  const { failure } = isServer ? pair.clientSink : pair.serverSink;
  expect(failure).toBeDefined();
  return failure?.family === 'certificate' ? 'REJECT' : 'ACCEPT';
}

/** Puts another list into a Certificate message of TLS 1.3 (RFC 8446 §4.4.2), with the context of the one that was sent. */
function withChain(message: Uint8Array, ders: readonly Uint8Array[]): readonly Uint8Array[] {
  if (message[0] !== HandshakeType.certificate) return [message];
  const context = message.subarray(4, 5 + (message[4] ?? 0));
  const list = joined(ders.flatMap((der) => [length24(der.length), der, Uint8Array.of(0, 0)]));
  const body = joined([context, length24(list.length), list]);
  return [joined([Uint8Array.of(HandshakeType.certificate), length24(body.length), body])];
}

function length24(length: number): Uint8Array {
  return Uint8Array.of(length >>> 16, length >>> 8, length);
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function nameIn(der: string): string | undefined {
  const { subjectAltName = '' } = new X509Certificate(bytes(der));
  return /DNS:([\w.-]+)/u.exec(subjectAltName)?.[1];
}

/** Lists are not looked up: the platform’s verifier knows none. No chain here is refused for being on one. */
const judges: Readonly<Record<string, TlsBackend>> = {
  'OpenSSL’s verifier': createNative(),
  'tls-native with the verifier of x509': createNative({ verifier: peerVerifier() }),
};
const pure = createPure();

describe.each(Object.entries(judges))('a chain that CAs and tools really make, judged by %s', (name, backend) => {
  const deviations = name.startsWith('OpenSSL') ? opensslDeviations : {};
  const deviates = ({ id }: WorldlyChain): boolean => Object.hasOwn(deviations, id);

  test.each(chains.filter((each) => !deviates(each)))('$id: the verdict is tls-pure’s', async (worldly) => {
    const expected = await verdictOf(pure, worldly);
    expect([expected, 'either']).toContain(worldly.want);
    expect(await verdictOf(backend, worldly)).toBe(expected);
  });

  test.each(chains.filter(deviates))('$id: the verdict is another, for the reason listed', async (worldly) => {
    expect(await verdictOf(backend, worldly)).not.toBe(await verdictOf(pure, worldly));
  });

  test('and every chain that is listed exists', () => {
    const ids = new Set(chains.map(({ id }) => id));
    expect(Object.keys(deviations).filter((id) => !ids.has(id))).toEqual([]);
  });
});
