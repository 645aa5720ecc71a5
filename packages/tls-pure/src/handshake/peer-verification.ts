import { TlsError, type CertificateType, type PeerInfo, type PeerVerification } from '@org/tls-core';
import { askVerifyPeerHook, equalBytes } from '@org/tls-core/backend';
import type { PublicKey, PublicKeyInfo } from '@org/tls-crypto';
import { KeyUsageBit, leafCertificate } from '@org/x509';
import { parseSpki } from '@org/tls-crypto/keys';
import type { PeerCertificate } from './peer-certificate.ts';
import type { CommonSettings, PeerTrust } from './settings.ts';
import { runHook, settle, type Handshake } from './steps.ts';

/** What the peer proved to be, once its CertificateVerify is checked with `publicKey` too. */
export interface VerifiedPeer {
  readonly peer: PeerInfo;
  readonly publicKey: PublicKey;
}

/**
 * Judges a peer's certificate or raw public key: by our verifier, then by the hook `verifyPeer`.
 * @param peerRole the peer's
 * @throws TlsError a code of the certificate family, `ERR_TLS_CERTIFICATE_REJECTED` when the hook rejects
 */
export function* verifyPeerCertificate(
  { crypto, trust, config }: CommonSettings,
  peerRole: 'server' | 'client',
  serverName: string | undefined,
  certificate: PeerCertificate,
): Handshake<VerifiedPeer> {
  const verifiedPath = yield* judge(trust, serverName, config.clock, certificate);
  const publicKey = crypto.importPublicKey(publicKeyOf(certificate));
  const { chain, rawPublicKey, ocspResponse, signedCertificateTimestamps } = certificate;
  const peer: PeerInfo = Object.freeze({
    chain,
    verifiedPath: Object.freeze(verifiedPath),
    rawPublicKey,
    ocspResponse,
    signedCertificateTimestamps,
  });
  yield* askVerifyPeer(trust, { role: ownRole(peerRole), serverName, ...peer, resumed: false });
  return { peer, publicKey };
}

function publicKeyOf({ chain, rawPublicKey }: PeerCertificate) {
  if (rawPublicKey !== undefined) return readRawPublicKey(rawPublicKey);
  const leaf = leafCertificate(chain);
  // RFC 8446 §4.4.2.2: whoever else trusts it, the key must be one for signatures
  if (leaf.keyUsage?.bits.has(KeyUsageBit.digitalSignature) === false) {
    throw new TlsError('ERR_TLS_CERTIFICATE_PURPOSE', 'the certificate’s key usage does not allow signatures', {
      certificate: { chain, rejectedPaths: [] },
    });
  }
  return leaf.publicKey;
}

function readRawPublicKey(spki: Uint8Array): PublicKeyInfo {
  try {
    return parseSpki(spki);
  } catch (cause) {
    throw new TlsError('ERR_TLS_DECODE', 'Certificate: it is no SubjectPublicKeyInfo', { cause });
  }
}

/**
 * @param type as negotiated (RFC 7250 §4.2); absent from the server's answer it is X.509
 * @throws TlsError `ERR_TLS_CERTIFICATE_UNSUPPORTED` when that was not offered
 */
export function refuseCertificateType({ config }: CommonSettings, type: CertificateType): void {
  if (config.peerCertificateTypes.includes(type)) return;
  throw new TlsError('ERR_TLS_CERTIFICATE_UNSUPPORTED', `the server uses certificates of type ${type}, not offered`);
}

function* judge(
  { judgeChain, acceptsAny, publicKeys, asksForStaple }: PeerTrust,
  serverName: string | undefined,
  clock: () => number,
  { chain, rawPublicKey, ocspResponse }: PeerCertificate,
): Handshake<readonly Uint8Array[]> {
  if (acceptsAny) return [];
  if (rawPublicKey !== undefined) {
    if (publicKeys.some((known) => equalBytes(known, rawPublicKey))) return [];
    throw untrusted('the peer’s raw public key is not among `trustedPublicKeys`', chain);
  }
  if (judgeChain === undefined) throw untrusted('nothing is trusted', chain);
  const staple = asksForStaple ? { ocspResponse } : undefined;
  const presented = { chain, serverName, staple, time: clock() };
  const { path } = yield* runHook('verifier', () => judgeChain(presented));
  return path;
}

function untrusted(message: string, chain: readonly Uint8Array[]): TlsError {
  return new TlsError('ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', message, {
    certificate: { chain, rejectedPaths: [] },
  });
}

/**
 * Asks the hook `verifyPeer` about the peer of a session that is resumed, if the configuration wants that.
 * @param peer `undefined`: nobody proved anything when the session was made
 */
export function* verifyResumedPeer(
  trust: PeerTrust,
  peerRole: 'server' | 'client',
  serverName: string | undefined,
  peer: PeerInfo | undefined,
): Handshake<void> {
  if (peer === undefined || !trust.verifiesResumedPeer) return;
  yield* askVerifyPeer(trust, { role: ownRole(peerRole), serverName, ...peer, resumed: true });
}

function* askVerifyPeer({ verifyPeer }: PeerTrust, verification: PeerVerification): Handshake<void> {
  if (verifyPeer === undefined) return;
  yield* settle(askVerifyPeerHook(() => verifyPeer(verification), verification.chain));
}

function ownRole(peerRole: 'server' | 'client'): PeerVerification['role'] {
  return peerRole === 'server' ? 'client' : 'server';
}
