import { isTlsError, type Identity, type TlsError } from '@org/tls-core';
import { answerOf, ownOptions } from '@org/tls-core/backend';
import { digestOf, watchFiles, type FileContents, type WatchedFiles } from '@org/tls-core/files';
import { serverContext } from '@org/tls-core/node';
import { fault } from '../identity-fault.ts';
import { leafOf, outOfTime, type DatedIdentity } from './dated-identity.ts';
import { fileSource, type FileSource, type IdentityFiles } from './identity-files.ts';
import { watchOptionNames, watchSettings, type WatchIdentityOptions, type WatchSettings } from './watch-options.ts';

/** An identity that is read again when its files change. */
export interface WatchedIdentity extends Disposable {
  /** Is what the last files gave that were not refused. */
  readonly current: Identity;
  /** Is when the certificate in use ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * Gives what is in use. It is to be given as the option `selectIdentity` of a server or a client: connections that are open go on with what they
   * have, and sessions that were made before are still resumed.
   */
  readonly selectIdentity: () => Identity;
  /**
   * Looks now, e.g. on SIGHUP. Where a look has begun already, another one follows it, which all who ask meanwhile share.
   * @returns whether there is a new identity
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` as long as the files are refused; why is the `cause`
   */
  check(): Promise<boolean>;
  /** Ends the looks. The identity stays. */
  close(): void;
}

/**
 * Reads an identity from files, and reads it again when they change, so that a server goes on with a certificate that was renewed. Files are
 * refused, and the identity that was there stays, where they cannot be read, where the key belongs to no certificate, and where the new
 * certificate is out of its time while the one in use is in its own.
 * @throws (rejects with) TypeError on an option of the wrong type; TlsError `ERR_TLS_CONFIG` on an interval out of range, `ERR_TLS_IDENTITY`
 *   when the files cannot be used: the message says which, and `cause` has what went wrong
 */
export async function watchIdentity(
  files: IdentityFiles,
  options: WatchIdentityOptions = {},
): Promise<WatchedIdentity> {
  return IdentityWatch.begin(fileSource(files), watchSettings(ownOptions(options, watchOptionNames, 'options')));
}

/** What the files gave, and what tells whether they would give the same. */
interface Held extends DatedIdentity {
  readonly digest: string;
}

export class IdentityWatch implements WatchedIdentity {
  readonly #source: FileSource;
  readonly #settings: WatchSettings;
  readonly #watched: WatchedFiles<Held>;
  /** The one whose owner knows that it is out of its time. */
  #toldExpired: Held | undefined;

  private constructor(source: FileSource, settings: WatchSettings, watched: WatchedFiles<Held>) {
    this.#source = source;
    this.#settings = settings;
    this.#watched = watched;
  }

  /** @throws TlsError (rejects with) `ERR_TLS_IDENTITY` */
  static async begin(source: FileSource, settings: WatchSettings): Promise<IdentityWatch> {
    let held: Held | undefined;
    try {
      const watched = await watchFiles<Held>({
        paths: source.paths,
        interval: settings.interval,
        read: async (files) => readHeld(source, settings, files, held),
        onChange: (next) => {
          const previous = held;
          held = next;
          if (previous !== undefined && previous !== next) settings.onChange(next.identity, previous.identity);
        },
        onRefused: (error) => settings.onRefused(refusal(source, error)),
      });
      held = watched.current;
      return new IdentityWatch(source, settings, watched);
    } catch (error) {
      throw refusal(source, error);
    }
  }

  get current(): Identity {
    return this.#watched.current.identity;
  }

  get expiresAt(): number {
    return this.#watched.current.leaf.notAfter;
  }

  /** Is what is in use, with its certificate. */
  get dated(): DatedIdentity {
    return this.#watched.current;
  }

  readonly selectIdentity = (): Identity => {
    this.tellIfExpired(this.#settings.clock());
    return this.current;
  };

  /** Tells the owner once that what is shown is out of its time. */
  tellIfExpired(now: number): void {
    const held = this.#watched.current;
    const error = held === this.#toldExpired ? undefined : outOfTime(held.leaf, held.source, now);
    if (error === undefined) return;
    this.#toldExpired = held;
    const { onExpired } = this.#settings;
    queueMicrotask(() => onExpired(error));
  }

  async check(): Promise<boolean> {
    const before = this.#watched.current;
    try {
      await this.#watched.check();
    } catch (error) {
      throw refusal(this.#source, error);
    }
    return this.#watched.current !== before;
  }

  close(): void {
    this.#watched.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @param held what is in use: files beside those that count may have changed, and then it stays */
async function readHeld(
  source: FileSource,
  settings: WatchSettings,
  files: readonly FileContents[],
  held: Held | undefined,
): Promise<Held> {
  const chosen = source.choose(files);
  const digest = digestOf(chosen);
  if (digest === held?.digest) return held;
  const read = await source.read(chosen);
  const leaf = leafOf(read);
  const now = settings.clock();
  const late = outOfTime(leaf, source.name, now);
  if (late !== undefined && held !== undefined && outOfTime(held.leaf, source.name, now) === undefined) throw late;
  const identity = await settings.complete(read);
  // A hook's answer is judged before anybody's handshake needs it.
  answerOf('selectIdentity', identity);
  const { backend } = settings;
  if (backend !== undefined) await serverContext({ backend, identity });
  return { identity, leaf, source: source.name, digest };
}

/** Names the files, which the fault itself does not. */
function refusal(source: FileSource, error: unknown): TlsError {
  const reason = error instanceof Error ? error.message : 'what was thrown is no error';
  const text = isTlsError(error) ? reason.replace(/^identity: /, '') : reason;
  return fault(text.startsWith(source.name) ? text : `${source.name}: ${text}`, error);
}
