import type { ExternalPsk } from '@org/tls-core';
import { binaryString, copyBytes } from '@org/tls-core/backend';
import type { CipherSuite13, CryptoProvider, HashAlgorithm } from '@org/tls-crypto';
import type { BinderLabel } from '../schedule/key-schedule.ts';
import { importedHashes, importedIdentity, importPsk } from './psk-importer.ts';

/** An external PSK that a client named, for a suite of its hash. */
export interface FoundExternalPsk {
  /** The caller's to wipe. */
  readonly psk: Uint8Array;
  readonly suite: CipherSuite13;
  readonly binderLabel: BinderLabel;
  readonly external: ExternalPsk;
}

interface Entry {
  readonly external: ExternalPsk;
  /** Of the suites that it is for. */
  readonly hash: HashAlgorithm;
  /** What was imported when it was first asked for; as long-lived as the key that it was made of. */
  imported: Uint8Array | undefined;
}

/**
 * A server's external PSKs by the identity that stands in a ClientHello: of an imported one that is its `ImportedIdentity` (RFC 9258 §5.1).
 * An identity that nobody has costs one look, however many keys there are; a key is imported once for each hash.
 */
export class ExternalPskIndex {
  readonly #crypto: CryptoProvider;
  readonly #byIdentity = new Map<string, Entry[]>();
  /** The lengths of those identities: a ticket, which is long, is no text in vain. */
  readonly #lengths = new Set<number>();

  constructor(crypto: CryptoProvider, externalPsks: readonly ExternalPsk[]) {
    this.#crypto = crypto;
    for (const external of externalPsks) {
      const { identity, importer, hash = 'sha256' } = external;
      if (importer === undefined) this.#add(identity, external, hash);
      else
        for (const target of importedHashes)
          this.#add(importedIdentity(identity, importer.context, target), external, target);
    }
  }

  /**
   * @param suites in order of preference
   * @returns the first of the configuration that there is a suite for
   */
  find(identity: Uint8Array, suites: readonly CipherSuite13[]): FoundExternalPsk | undefined {
    if (!this.#lengths.has(identity.length)) return undefined;
    for (const entry of this.#byIdentity.get(binaryString(identity)) ?? []) {
      const suite = suites.find(({ hash }) => hash === entry.hash);
      if (suite === undefined) continue;
      const { external } = entry;
      if (external.importer === undefined)
        return { psk: copyBytes(external.key), suite, binderLabel: 'ext binder', external };
      entry.imported ??= importPsk(this.#crypto, external, external.importer.context, suite).psk;
      return { psk: copyBytes(entry.imported), suite, binderLabel: 'imp binder', external };
    }
    return undefined;
  }

  #add(identity: Uint8Array, external: ExternalPsk, hash: HashAlgorithm): void {
    this.#lengths.add(identity.length);
    const key = binaryString(identity);
    const entry: Entry = { external, hash, imported: undefined };
    const same = this.#byIdentity.get(key);
    if (same === undefined) this.#byIdentity.set(key, [entry]);
    else same.push(entry);
  }
}
