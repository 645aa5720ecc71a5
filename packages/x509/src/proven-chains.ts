import type { MaybePromise, PresentedChain, VerifiedChain } from '@org/tls-core';
import { andThen, copyBytes, equalBytes, Writer } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { fingerprint } from './byte-cache.ts';
import type { Certificate } from './certificate.ts';

/** A path that was proven, leaf first, and the time from which on the same proof might end in another way. */
export interface ProvenPath {
  readonly path: readonly Certificate[];
  /** Milliseconds since the epoch; that instant does not belong to it. */
  readonly until: number;
}

interface Entry {
  /** SHA-256 of all that was presented. */
  readonly digest: Uint8Array;
  readonly from: number;
  readonly until: number;
  /** Where each certificate of the path stands in the chain; one that was not sent is an anchor, which the anchors hold anyway. */
  readonly places: readonly (number | Certificate)[];
}

/**
 * The longest input that is remembered, in bytes: chain, name and staple. What is longer is proven anew each time, which costs more than its
 * hash would.
 */
const maxPresented = 2 ** 16;

/**
 * Remembers which chains were proven by one set of rules, so that a peer that is known costs one hash. Whoever changes a rule, an anchor or a
 * list makes another object of this class.
 *
 * A chain is proven again when anything of it is different (any byte of it, its order, the name, the staple), when the clock stands before the
 * moment of the proof, and from the moment on at which the verdict may change. What was refused is not remembered. An entry has a digest
 * and a few numbers, some 500 bytes, however long the chain is.
 *
 * Only a peer whose chain was proven gets in. It has one place for each name, whatever it sends beside its own certificate, so that it
 * cannot drive out the others.
 */
export class ProvenChains {
  readonly #crypto: CryptoProvider;
  readonly #maxEntries: number;
  /** The order of insertion is the order of the last use. */
  readonly #entries = new Map<string, Entry>();

  /** @param maxEntries the least recently used of more is forgotten */
  constructor(crypto: CryptoProvider, maxEntries: number) {
    this.#crypto = crypto;
    this.#maxEntries = maxEntries;
  }

  /**
   * Gives the verdict on a chain: the remembered one, or that of `prove`.
   * @throws whatever `prove` throws (or rejects with)
   */
  judge(presented: PresentedChain, prove: () => MaybePromise<ProvenPath>): MaybePromise<VerifiedChain> {
    const { chain, time } = presented;
    const [leaf] = chain;
    const bytes = leaf === undefined ? undefined : encode(presented);
    if (leaf === undefined || bytes === undefined) return andThen(prove(), ({ path }) => shown(path, chain));
    const digest = this.#crypto.hash('sha256', bytes);
    const key = `${fingerprint(leaf)} ${presented.serverName ?? ''}`;
    const known = this.#entries.get(key);
    if (known !== undefined && equalBytes(known.digest, digest) && time >= known.from && time < known.until) {
      this.#put(key, known);
      return { path: Object.freeze(known.places.map((place) => certificateAt(place, chain))) };
    }
    return andThen(prove(), ({ path, until }) => {
      this.#put(key, { digest, from: time, until, places: path.map((each) => placeOf(each, chain)) });
      return shown(path, chain);
    });
  }

  #put(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size <= this.#maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Gives the bytes of a path: those that the peer sent where they are the same, else copies. */
export function shown(path: readonly Certificate[], chain: readonly Uint8Array[]): VerifiedChain {
  return { path: Object.freeze(path.map((each) => certificateAt(placeOf(each, chain), chain))) };
}

function placeOf(certificate: Certificate, chain: readonly Uint8Array[]): number | Certificate {
  const index = chain.findIndex((bytes) => equalBytes(bytes, certificate.der));
  return index === -1 ? certificate : index;
}

function certificateAt(place: number | Certificate, chain: readonly Uint8Array[]): Uint8Array {
  if (typeof place !== 'number') return copyBytes(place.der);
  const sent = chain[place];
  if (sent === undefined) throw new Error('the chain is another one than the digest says');
  return sent;
}

/** Puts all that was presented, but for the time, into one byte string that nothing else gives. @returns `undefined` when it is too long */
function encode({ chain, serverName, staple }: PresentedChain): Uint8Array | undefined {
  const name = serverName === undefined ? undefined : new TextEncoder().encode(serverName);
  const parts = [name, staple?.ocspResponse, ...chain];
  const length = parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), 1);
  if (length > maxPresented) return undefined;
  const writer = new Writer(length).uint8(staple === undefined ? 0 : 1);
  for (const part of parts) {
    // An absent part is told from an empty one.
    writer.uint8(part === undefined ? 0 : 1).uint24(part?.length ?? 0);
    if (part !== undefined) writer.bytes(part);
  }
  return writer.finish();
}
