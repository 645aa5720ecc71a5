import { encodeParts } from './encode-parts.ts';
import type { ExternalPsk } from '../hooks.ts';

/**
 * The external pre-shared keys of a configuration by their digests. A session that was made with such a key keeps the digest, and is resumed
 * only as long as the key is there: who takes a key away has shut its holder out.
 */
export class ExternalPskDigests {
  readonly #digestByPsk = new Map<ExternalPsk, Uint8Array>();
  readonly #pskByDigest = new Map<string, ExternalPsk>();

  constructor(psks: readonly ExternalPsk[], sha256: (bytes: Uint8Array) => Uint8Array) {
    for (const psk of psks) {
      const digest = sha256(partsOf(psk));
      this.#digestByPsk.set(psk, digest);
      this.#pskByDigest.set(digest.join(), psk);
    }
  }

  /** 32 bytes; `undefined` where there is no key, or none of these. */
  digestOf(psk: ExternalPsk | undefined): Uint8Array | undefined {
    return psk && this.#digestByPsk.get(psk);
  }

  find(digest: Uint8Array): ExternalPsk | undefined {
    return this.#pskByDigest.get(digest.join());
  }
}

/** The key itself too, which has at least 128 bits of entropy (RFC 9257 §4): a key that took another's identity is another key. */
function partsOf({ identity, key, hash = 'sha256', importer }: ExternalPsk): Uint8Array {
  return encodeParts([identity, key, hash, ...(importer === undefined ? [] : [importer.context])]);
}
