import type { CommonConfig, Revocation, TrustSource } from '@org/tls-core';
import { concatBytes } from '../crypto/bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { Writer } from '../wire/writer.ts';
import { readPins, type Pins } from '../x509/pins.ts';
import { readRevocation } from '../x509/revocation.ts';
import { anchorsFrom } from '../x509/trust-anchors.ts';
import type { PeerTrust } from './settings.ts';

/**
 * What a configuration judges its peers by.
 * @param source `undefined`: no chain is accepted
 */
export function peerTrust(
  crypto: CryptoProvider,
  config: CommonConfig,
  source: TrustSource | undefined,
  acceptsAny: boolean,
  asksForStaple: boolean,
): PeerTrust {
  const { trustedPublicKeys = [], peerCertificateTypes = ['X509'], certificateProfile = 'compatible' } = config;
  const { verifyPeer, verifyResumedPeer = false, isPublicSuffix, revocation, pins } = config;
  const rules = [
    new TextEncoder().encode(
      `${acceptsAny}:${peerCertificateTypes.join()}:${certificateProfile}:${asksForStaple}:${trustedPublicKeys.length}:`,
    ),
    ...trustedPublicKeys,
    ...(pins === undefined ? [] : pinBytes(readPins(pins))),
    ...(revocation === undefined ? [] : revocationBytes(revocation)),
    ...(source === undefined ? [] : bytesOf(source)),
  ];
  return {
    anchors: source === undefined ? undefined : anchorsFrom(source),
    acceptsAny,
    publicKeys: trustedPublicKeys,
    pins: pins === undefined ? undefined : readPins(pins),
    revocation: revocation === undefined ? undefined : readRevocation(revocation),
    asksForStaple,
    form: { profile: certificateProfile, isPublicSuffix },
    verifyPeer,
    verifiesResumedPeer: verifyResumedPeer,
    binding: crypto.hash('sha256', concatBytes(rules.map((rule) => withLength(rule)))),
  };
}

/** Whatever two configurations write down alike they trust alike; the reverse costs no more than a full handshake. */
function bytesOf(source: TrustSource): readonly Uint8Array[] {
  if (typeof source === 'string') return [new TextEncoder().encode(source)];
  if (source instanceof Uint8Array) return [source];
  if (!('subject' in source)) return source.flatMap(bytesOf);
  const { subject, subjectPublicKeyInfo, nameConstraints = new Uint8Array(0) } = source;
  // no name of a store and no PEM text, so that the three behind it are not taken for certificates
  return [new TextEncoder().encode('anchor'), subject, subjectPublicKeyInfo, nameConstraints];
}

function pinBytes({ certificates, publicKeys }: Pins): readonly Uint8Array[] {
  return [new TextEncoder().encode(`pins:${certificates.length}:${publicKeys.length}`), ...certificates, ...publicKeys];
}

/** The lists themselves too: who has newer ones looks again. */
function revocationBytes({ crls, depth = 'chain', unknownStatus = 'reject' }: Revocation): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return [
    encoder.encode(`${depth}:${unknownStatus}:${crls.length}`),
    ...crls.map((crl) => (typeof crl === 'string' ? encoder.encode(crl) : crl)),
  ];
}

function withLength(bytes: Uint8Array): Uint8Array {
  const writer = new Writer(bytes.length + 3);
  return writer.vector24(() => writer.bytes(bytes)).finish();
}
