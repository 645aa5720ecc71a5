import { createHash } from 'node:crypto';
import { decodePinDigest, type CommonConfig, type TrustSource } from '@org/tls-core';
import type { PeerJudgeOptions } from './peer-judge.ts';

type Part = string | Uint8Array;

/**
 * A digest over what a session was made under: it is resumed under nothing else.
 * @param verify what is asked of the peer
 */
export function sessionRules(config: CommonConfig, options: PeerJudgeOptions, verify: 0 | 1 | 2): Uint8Array {
  const { trust, acceptAny, asksForStaple, verifier } = options;
  const { pins = [], revocation, certificateProfile = 'compatible' } = config;
  const hash = createHash('sha256');
  // each part with its length, each list with its count: nothing reads as anything else
  const addAll = (parts: readonly Part[]): void => {
    hash.update(`[${parts.length}`);
    for (const part of parts) hash.update(` ${Buffer.byteLength(part)} `).update(part);
  };
  addAll([
    `${acceptAny} ${verify} ${asksForStaple} ${certificateProfile}`,
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

function isList(trust: TrustSource): trust is readonly TrustSource[] {
  return Array.isArray(trust);
}

/** Whatever two configurations write down alike they trust alike; the reverse costs no more than a full handshake. */
function partsOf(trust: TrustSource): readonly Part[] {
  if (typeof trust === 'string' || trust instanceof Uint8Array) return [trust];
  if (isList(trust)) return trust.flatMap(partsOf);
  const { subject, subjectPublicKeyInfo, nameConstraints = new Uint8Array() } = trust;
  // no name of a store and no PEM text, so that the three behind it are not taken for certificates
  return ['anchor', subject, subjectPublicKeyInfo, nameConstraints];
}
