import type { CommonConfig, TrustSource } from '@org/tls-core';
import { concatBytes } from '../crypto/bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { Writer } from '../wire/writer.ts';
import { anchorsFrom } from '../x509/trust-anchors.ts';
import type { PeerTrust } from './settings.ts';

/**
 * What a configuration judges its peers by.
 * @param source `undefined`: no chain is accepted
 */
export function peerTrust(
  crypto: CryptoProvider,
  { trustedPublicKeys = [], peerCertificateTypes = ['X509'], verifyPeer, verifyResumedPeer = false }: CommonConfig,
  source: TrustSource | undefined,
  acceptsAny: boolean,
): PeerTrust {
  const rules = [
    new TextEncoder().encode(`${acceptsAny}:${peerCertificateTypes.join()}:`),
    ...trustedPublicKeys,
    ...(source === undefined ? [] : bytesOf(source)),
  ];
  return {
    anchors: source === undefined ? undefined : anchorsFrom(source),
    acceptsAny,
    publicKeys: trustedPublicKeys,
    verifyPeer,
    verifiesResumedPeer: verifyResumedPeer,
    binding: crypto.hash('sha256', concatBytes(rules.map((rule) => withLength(rule)))),
  };
}

/** Whatever two configurations write down alike they trust alike; the reverse costs no more than a full handshake. */
function bytesOf(source: TrustSource): readonly Uint8Array[] {
  if (typeof source === 'string') return [new TextEncoder().encode(source)];
  return source instanceof Uint8Array ? [source] : source.flatMap(bytesOf);
}

function withLength(bytes: Uint8Array): Uint8Array {
  const writer = new Writer(bytes.length + 3);
  return writer.vector24(() => writer.bytes(bytes)).finish();
}
