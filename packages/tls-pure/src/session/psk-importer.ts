import type { ExternalPsk } from '@org/tls-core';
import type { CipherSuite13, CryptoProvider, HashAlgorithm } from '@org/tls-crypto';
import { hkdfExpandLabel } from '../schedule/hkdf-expand-label.ts';
import { hashLength, hkdfExtract } from '@org/tls-crypto';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { Writer } from '@org/tls-core/backend';

/** KDF identifiers of the importer (RFC 9258 §5.1). */
const kdfByHash: Readonly<Partial<Record<HashAlgorithm, number>>> = { sha256: 1, sha384: 2 };

/** A key is imported for each hash that a suite of TLS 1.3 may need. */
export const importedHashes: readonly HashAlgorithm[] = ['sha256', 'sha384'];

/** What is put in place of an external PSK. */
export interface ImportedPsk {
  /** `ImportedIdentity`. */
  readonly identity: Uint8Array;
  readonly psk: Uint8Array;
}

/** Imports an external PSK for TLS 1.3 and the suite's hash (RFC 9258 §5.1). */
export function importPsk(
  crypto: CryptoProvider,
  { identity, key, hash = 'sha256' }: ExternalPsk,
  context: Uint8Array,
  suite: CipherSuite13,
): ImportedPsk {
  const imported = importedIdentity(identity, context, suite.hash);
  const extracted = new Uint8Array(hashLength[hash]);
  hkdfExtract(crypto, hash, extracted, key, extracted); // the salt is zeros
  const identityHash = crypto.hash(hash, imported);
  const psk = hkdfExpandLabel(crypto, hash, extracted, {
    label: 'derived psk',
    context: identityHash,
    length: suite.hashLength,
  });
  extracted.fill(0);
  return { identity: imported, psk };
}

/** `ImportedIdentity`: what names an imported PSK in a ClientHello (RFC 9258 §5.1). */
export function importedIdentity(identity: Uint8Array, context: Uint8Array, target: HashAlgorithm): Uint8Array {
  const writer = new Writer(identity.length + context.length + 8);
  return writer
    .vector16(() => writer.bytes(identity))
    .vector16(() => writer.bytes(context))
    .uint16(WireVersion.tls13)
    .uint16(kdfByHash[target] ?? 0)
    .finish();
}
