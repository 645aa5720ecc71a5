import { createHash } from 'node:crypto';
import { decodePinDigest, type CommonConfig, type TrustSource } from '@org/tls-core';
import type { PeerJudgeOptions } from './peer-judge.ts';

type Part = string | Uint8Array;

/** What a server asks of its clients. */
export interface Demand {
  /** A certificate: none, if there is one, or in any case. */
  readonly verify: 0 | 1 | 2;
  readonly requiresPsk: boolean;
}

/**
 * A digest over what a session was made under: it is resumed under nothing else.
 * @param demand what is asked of the peer
 */
export function sessionRules(config: CommonConfig, options: PeerJudgeOptions, demand: Demand): Uint8Array {
  const { verify, requiresPsk } = demand;
  const { trust, acceptAny, asksForStaple, verifier } = options;
  const { pins = [], revocation, certificateProfile = 'compatible' } = config;
  const hash = createHash('sha256');
  // each part with its length, each list with its count: nothing reads as anything else
  const addAll = (parts: readonly Part[]): void => {
    hash.update(`[${parts.length}`);
    for (const part of parts) hash.update(` ${Buffer.byteLength(part)} `).update(part);
  };
  addAll([
    `${acceptAny} ${verify} ${requiresPsk} ${asksForStaple} ${certificateProfile}`,
    verifier?.name ?? '',
    verifier === undefined ? 'platform' : 'own',
  ]);
  addAll(partsOf(trust ?? 'default'));
  addAll(
    pins.flatMap(({ certificateSha256, publicKeySha256 }) => [pinPart(certificateSha256), pinPart(publicKeySha256)]),
  );
  if (revocation === undefined) return new Uint8Array(hash.digest());
  const { crls, depth = 'chain', unknownStatus = 'reject' } = revocation;
  addAll([depth, unknownStatus, ...crls]);
  return new Uint8Array(hash.digest());
}

function pinPart(digest: Part | undefined): Part {
  return digest === undefined ? '' : decodePinDigest(digest);
}

/** Whatever two configurations write down alike they trust alike; the reverse costs no more than a full handshake. */
function partsOf(trust: TrustSource): readonly Part[] {
  if (typeof trust === 'string' || trust instanceof Uint8Array) return [trust];
  if (!('subject' in trust)) return trust.flatMap(partsOf);
  const { subject, subjectPublicKeyInfo, nameConstraints = new Uint8Array() } = trust;
  // no name of a store and no PEM text, so that the three behind it are not taken for certificates
  return ['anchor', subject, subjectPublicKeyInfo, nameConstraints];
}
