import { isTlsError, type ClientHelloInfo, type Identity, type TlsError } from '@org/tls-core';
import { Looks, looksToPassOver } from '@org/tls-core/files';
import { fault } from '../identity-fault.ts';
import type { FileSource } from './identity-files.ts';
import { chooseIdentities, IdentityIndex, inTimeFirst, type DefaultName } from './identity-index.ts';
import type { Places } from './identity-places.ts';
import { IdentityWatch } from './watch-identity.ts';
import type { WatchSettings } from './watch-options.ts';

/** Identities that are read again when their files change. */
export interface WatchedIdentities extends Disposable {
  /** Lists what is in use, in order of preference. */
  readonly current: readonly Identity[];
  /**
   * Chooses by the server name: those whose certificate has the name, before those whose wildcard fits it. Of several the backend takes the first
   * that the client can verify. It is to be given as the option `selectIdentity` of a server.
   */
  readonly selectIdentity: (clientHello: Pick<ClientHelloInfo, 'serverName'>) => readonly Identity[] | undefined;
  /**
   * Looks at all now. Where a look has begun already, another one follows it, which all who ask meanwhile share.
   * @returns whether an identity is new, has come or has gone
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` as long as some files are refused, behind a look at all; why is the `cause`
   */
  check(): Promise<boolean>;
  /** Ends the looks. The identities stay. */
  close(): void;
}

/** The options with their defaults. */
export interface SetSettings extends Omit<WatchSettings, 'onChange'> {
  readonly defaultName: DefaultName;
  readonly onChange: (identities: readonly Identity[]) => void;
}

/** A place that has no identity yet, or the folder of all, and why. */
interface Refused {
  readonly failure: TlsError;
  /** How often it was tried in vain. */
  readonly times: number;
  /** How many looks pass over it. */
  looksLeft: number;
}

export class IdentitySet implements WatchedIdentities {
  readonly #places: Places;
  readonly #settings: SetSettings;
  readonly #looks: Looks;
  /** Each looks by itself at its files. */
  readonly #watches = new Map<string, IdentityWatch>();
  readonly #refused = new Map<string, Refused>();
  #sources: ReadonlyMap<string, FileSource> = new Map();
  #order: readonly IdentityWatch[] = [];
  #watchOf: ReadonlyMap<Identity, IdentityWatch> = new Map();
  #index = new IdentityIndex([]);
  #current: readonly Identity[] = [];
  /** True where somebody has asked, who wants to hear what is wrong. */
  #mustTry = false;

  private constructor(places: Places, settings: SetSettings) {
    this.#places = places;
    this.#settings = settings;
    this.#looks = new Looks(settings.interval, () => this.#look());
  }

  /** @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when what is there is not enough to begin with */
  static async begin(places: Places, settings: SetSettings): Promise<IdentitySet> {
    const set = new IdentitySet(places, settings);
    const failure = await set.check().then(
      () => undefined,
      (error: unknown) => asRefusal(error),
    );
    if (failure !== undefined && (places.areNamed || set.#watches.size === 0)) {
      set.close();
      throw failure;
    }
    const { defaultName } = settings;
    if (typeof defaultName === 'string' && set.#index.find(defaultName).length === 0) {
      set.close();
      throw fault(`no certificate has the name ${defaultName}, which is the defaultName`);
    }
    return set;
  }

  get current(): readonly Identity[] {
    return this.#current;
  }

  readonly selectIdentity = (clientHello: Pick<ClientHelloInfo, 'serverName'>): readonly Identity[] | undefined => {
    const chosen = chooseIdentities(this.#index, clientHello, this.#settings.defaultName);
    if (chosen === undefined) return undefined;
    const now = this.#settings.clock();
    const ordered = inTimeFirst(chosen, now);
    const [first] = ordered;
    if (first !== undefined) this.#watchOf.get(first)?.tellIfExpired(now);
    return ordered;
  };

  check(): Promise<boolean> {
    this.#mustTry = true;
    return this.#looks.ask();
  }

  close(): void {
    this.#looks.close();
    for (const watch of this.#watches.values()) watch.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<boolean> {
    const before = this.#current;
    const [failure, ...more] = await this.#readAll();
    if (failure === undefined) return before !== this.#current;
    throw more.length === 0 ? failure : fault(`${more.length + 1} are refused, e.g. ${failure.message}`, failure);
  }

  /** Reads what is new, forgets what is gone, and looks at what is known where somebody has asked. */
  async #readAll(): Promise<readonly TlsError[]> {
    const mustTry = this.#mustTry;
    this.#mustTry = false;
    const failures: TlsError[] = [];
    const sources = await this.#find(failures);
    for (const [name, source] of sources) {
      // One comes after the other, so that few files are open at a time.
      // oxlint-disable-next-line no-await-in-loop
      const failure = await this.#readOne(name, source, mustTry);
      if (failure !== undefined) failures.push(failure);
    }
    this.#forgetAllBut(sources);
    this.#sources = sources;
    this.#arrange();
    return failures;
  }

  /** Where the folder of all cannot be read, what was there is there. */
  async #find(failures: TlsError[]): Promise<ReadonlyMap<string, FileSource>> {
    try {
      const found = await this.#places.find();
      this.#refused.delete(theFolderOfAll);
      return found;
    } catch (error) {
      failures.push(this.#refuse(theFolderOfAll, error));
      return this.#sources;
    }
  }

  async #readOne(name: string, source: FileSource, mustTry: boolean): Promise<TlsError | undefined> {
    const refused = this.#refused.get(name);
    if (refused !== undefined && refused.looksLeft > 0 && !mustTry) {
      refused.looksLeft -= 1;
      return refused.failure;
    }
    const known = this.#watches.get(name);
    try {
      if (known !== undefined) {
        if (mustTry) await known.check();
        return undefined;
      }
      const settings = { ...this.#settings, onChange: () => this.#arrange() };
      const watch = await IdentityWatch.begin(source, settings);
      if (this.#looks.isClosed) watch.close();
      this.#watches.set(name, watch);
      this.#refused.delete(name);
      return undefined;
    } catch (error) {
      // A watch tells its owner by itself.
      return known === undefined ? this.#refuse(name, error) : asRefusal(error);
    }
  }

  /** Tells the owner once. At the beginning, where somebody has named all, he is told by what `begin` rejects with. */
  #refuse(name: string, error: unknown): TlsError {
    const failure = asRefusal(error);
    const before = this.#refused.get(name);
    const times = (before?.times ?? 0) + 1;
    this.#refused.set(name, { failure, times, looksLeft: looksToPassOver(times) });
    if (before?.failure.message === failure.message || this.#looks.isClosed || this.#places.areNamed) return failure;
    const { onRefused } = this.#settings;
    queueMicrotask(() => onRefused(failure));
    return failure;
  }

  #forgetAllBut(sources: ReadonlyMap<string, FileSource>): void {
    for (const [name, watch] of this.#watches) {
      if (sources.has(name)) continue;
      watch.close();
      this.#watches.delete(name);
    }
    for (const name of this.#refused.keys())
      if (!sources.has(name) && name !== theFolderOfAll) this.#refused.delete(name);
  }

  /** Puts the identities into order: that of a list, or else that of the names, with those of RSA behind all others, which cost less. */
  #arrange(): void {
    const there = [...this.#sources.keys()].flatMap((name) => this.#watches.get(name) ?? []);
    const isRsa = ({ dated }: IdentityWatch): boolean => dated.leaf.publicKey.type.startsWith('rsa');
    this.#order = this.#places.areNamed ? there : [...there.filter((each) => !isRsa(each)), ...there.filter(isRsa)];
    const current = this.#order.map((watch) => watch.current);
    const before = this.#current;
    if (current.length === before.length && current.every((identity, index) => identity === before[index])) return;
    this.#current = Object.freeze(current);
    this.#watchOf = new Map(this.#order.map((watch) => [watch.current, watch]));
    this.#index = new IdentityIndex(this.#order.map(({ dated }) => dated));
    const { onChange } = this.#settings;
    if (before.length > 0 && !this.#looks.isClosed) queueMicrotask(() => onChange(current));
  }
}

/** No folder has this name. */
const theFolderOfAll = '';

function asRefusal(error: unknown): TlsError {
  if (isTlsError(error) && error.code === 'ERR_TLS_IDENTITY') return error;
  return fault(error instanceof Error ? error.message : 'what was thrown is no error', error);
}
