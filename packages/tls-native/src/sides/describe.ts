import type { ConnectionInfo, PeerInfo } from '@org/tls-core';
import {
  cipherSuiteNumbers,
  decodeAlpnProtocol,
  namedGroupNumbers,
  nameOf,
  signatureSchemeNumbers,
} from '@org/tls-core/backend';
import type { Facts, NativeLibrary } from '../border/addon.ts';
import { plain } from '../border/plain-bytes.ts';

/** Describes what is the same for both roles. */
export function describeCommon(facts: Facts, { version }: NativeLibrary) {
  const isTls12 = facts.version === tls12;
  return {
    backend: 'native',
    implementation: version,
    protocol: isTls12 ? 'TLSv1.2' : 'TLSv1.3',
    cipherSuite: nameOf(cipherSuiteNumbers, facts.cipherSuite) ?? hex(facts.cipherSuite),
    group: nameOf(namedGroupNumbers, facts.group),
    alpnProtocol: facts.alpn === undefined ? undefined : decodeAlpnProtocol(facts.alpn),
    resumed: facts.isResumed,
    helloRetryRequest: facts.isRetry,
    earlyData: facts.earlyData,
    earlyDataReason: undefined,
    ech: 'none',
    extendedMainSecret: hasExtendedMainSecret(facts),
    externalPskIdentity: facts.preSharedKey && new Uint8Array(facts.preSharedKey),
  } as const satisfies Partial<ConnectionInfo>;
}

/** Tells whether the keys are bound to the whole handshake (RFC 7627). Those of TLS 1.3 always are. */
export function hasExtendedMainSecret(facts: Facts): boolean {
  return facts.version !== tls12 || facts.hasExtendedMainSecret;
}

export function schemeOf(number: number): string | undefined {
  return nameOf(signatureSchemeNumbers, number);
}

const tls12 = 0x0303;

function hex(number: number): string {
  return `0x${number.toString(16).padStart(4, '0')}`;
}

/** @returns `undefined` where the peer showed nothing */
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
