import type { CommonConfig, Revocation, TrustSource } from '@org/tls-core';
import { concatBytes } from '../crypto/bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { Writer } from '../wire/writer.ts';
import { chainJudge } from '../x509/chain-judge.ts';
import { readPins, type Pins } from '../x509/pins.ts';
import type { PeerTrust } from './settings.ts';

/** What each role reads from its configuration in its own way. */
export interface PeerTrustOptions extends Pick<PeerTrust, 'acceptsAny' | 'asksForStaple'> {
  readonly role: 'client' | 'server';
  /** `undefined`: no chain is accepted. */
  readonly trust: TrustSource | undefined;
  /** Only who proves an external key is served: what was made otherwise is not resumed. */
  readonly requiresPsk: boolean;
}

/** What a configuration judges its peers by. */
export function peerTrust(crypto: CryptoProvider, config: CommonConfig, options: PeerTrustOptions): PeerTrust {
  const { role, trust, acceptsAny, asksForStaple, requiresPsk } = options;
  const { trustedPublicKeys = [], peerCertificateTypes = ['X509'], certificateProfile = 'compatible' } = config;
  const { verifyPeer, verifyResumedPeer = false, revocation, pins } = config;
  const rules = [
    new TextEncoder().encode(
      `${acceptsAny}:${peerCertificateTypes.join()}:${certificateProfile}:${asksForStaple}:${requiresPsk}:${trustedPublicKeys.length}:`,
    ),
    ...trustedPublicKeys,
    ...(pins === undefined ? [] : pinBytes(readPins(pins))),
    ...(revocation === undefined ? [] : revocationBytes(revocation)),
    ...(trust === undefined ? [] : bytesOf(trust)),
  ];
  return {
    judgeChain: trust === undefined ? undefined : chainJudge(crypto, { ...config, role, trust }),
    acceptsAny,
    publicKeys: trustedPublicKeys,
    asksForStaple,
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
