import { decodeAlpnProtocol, type ConnectionInfo, type PeerInfo } from '@org/tls-core';
import type { Facts, NativeLibrary, SignatureFacts } from './addon.ts';
import { groupName, schemeName } from './algorithms.ts';

/** What both roles say alike of a connection. */
export function describeCommon(facts: Facts, { version }: NativeLibrary) {
  const isTls12 = facts.protocol === 'TLSv1.2';
  return {
    backend: 'native',
    implementation: version,
    protocol: isTls12 ? 'TLSv1.2' : 'TLSv1.3',
    cipherSuite: facts.cipherSuite,
    // TLS 1.2 resumes without a key exchange
    group: isTls12 && facts.isResumed ? undefined : groupName(facts.group),
    alpnProtocol: facts.alpn === undefined ? undefined : decodeAlpnProtocol(facts.alpn),
    resumed: facts.isResumed,
    helloRetryRequest: facts.isRetry,
    earlyData: 'none',
    earlyDataReason: undefined,
    ech: 'none',
    extendedMainSecret: !isTls12 || facts.hasExtendedMainSecret,
    externalPskIdentity: undefined,
  } as const satisfies Partial<ConnectionInfo>;
}

export function schemeOf({ keyType, type, digest }: SignatureFacts): string | undefined {
  return schemeName(keyType, type, digest);
}

/** `undefined` where the peer showed nothing. */
export function peerInfo(
  chain: readonly Uint8Array[],
  verifiedPath: readonly Uint8Array[],
  ocspResponse: Uint8Array | undefined,
): PeerInfo | undefined {
  if (chain.length === 0) return undefined;
  return Object.freeze({
    chain: plain(chain),
    verifiedPath: plain(verifiedPath),
    ocspResponse: ocspResponse && new Uint8Array(ocspResponse),
    rawPublicKey: undefined,
    signedCertificateTimestamps: undefined,
  });
}

/** The interface speaks of Uint8Array; a Buffer would compare and print otherwise. */
export function plain(list: readonly Uint8Array[]): readonly Uint8Array[] {
  return Object.freeze(list.map((bytes) => new Uint8Array(bytes)));
}
