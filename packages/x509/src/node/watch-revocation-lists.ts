import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TlsError, type RevocationLists, type RevocationListSource } from '@org/tls-core';
import { ownOptions } from '@org/tls-core/backend';
import { watchFiles, type FileContents } from '@org/tls-core/files';
import type { CertificateList } from '../certificate-list.ts';
import { NewestLists } from '../newest-lists.ts';
import { ListFiles, type FiledList } from './list-files.ts';

/** Says which files hold revocation lists. */
export interface WatchRevocationListsOptions {
  /**
   * Lists files, and folders whose files are all meant: PEM with one or more blocks `X509 CRL`, or DER. In a folder, files of other kinds are
   * skipped, and a list with several names, such as the links of `openssl rehash`, counts once. A file that is named must hold lists, and so must
   * one that is called `.crl` or `.r0`.
   */
  readonly paths: readonly (string | URL)[];
  /** Says how many milliseconds lie between two looks, 100 to 2^31 - 1; 0: nobody looks but `check`. Default: 10,000. */
  readonly interval?: number;
  /** Is told when other lists hold, and which. What it throws is the application's own uncaught exception. */
  readonly onChange?: (lists: RevocationLists) => void;
  /**
   * Is told once why a file is refused, or why a list stays that is not in the files any more: `ERR_TLS_CONFIG`, or an error of node:fs. Default:
   * `process.emitWarning`. What it throws is the application's own uncaught exception.
   */
  readonly onRefused?: (error: unknown) => void;
}

/** Revocation lists that are read again when their files change. It is a source for `revocation.lists`. */
export interface WatchedRevocationLists extends RevocationListSource, Disposable {
  readonly current: RevocationLists;
  /** The paths of the files in folders that hold no lists. */
  readonly skipped: readonly string[];
  /**
   * Looks now, behind the looks that were begun before.
   * @returns whether files had changed
   * @throws (rejects with) what the files are refused for
   */
  check(): Promise<boolean>;
  /** Ends the looks. The lists stay. */
  close(): void;
}

const names = ['paths', 'interval', 'onChange', 'onRefused'] as const;

/**
 * Reads revocation lists from files, and reads them again when the files change: contexts whose `revocation.lists` this is go by the new ones
 * from then on. A list goes only for a newer one of the same issuer, key and scope, or when its `nextUpdate` has passed, so that a file that is
 * damaged, removed or put back is told and changes nothing else. Whoever writes the files is trusted with that: signatures are verified when
 * a peer is looked up.
 * @throws (rejects with) TypeError on an option of the wrong type; TlsError `ERR_TLS_CONFIG` on a list that cannot be used, and where there is
 *   none; an error of node:fs
 */
export async function watchRevocationLists(options: WatchRevocationListsOptions): Promise<WatchedRevocationLists> {
  const { onRefused = warn, onChange, ...own } = ownOptions(options, names, 'watchRevocationLists');
  for (const [name, hook] of Object.entries({ onRefused, onChange }))
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`${name}: expected a function`);
  const reading = new ListReading(own.paths, onRefused);
  let known: RevocationLists | undefined;
  const files = await watchFiles<RevocationLists>({
    ...own,
    onRefused,
    read: async (contents) => reading.read(contents),
    onChange: (lists) => {
      if (lists === known) return; // files have changed, and the lists in them have not
      known = lists;
      onChange?.(lists);
    },
  });
  known = files.current;
  const close = (): void => {
    reading.close();
    files.close();
  };
  return Object.freeze({
    get current() {
      return files.current;
    },
    get skipped() {
      return reading.skipped;
    },
    check: async () => files.check(),
    close,
    [Symbol.dispose]: close,
  } satisfies WatchedRevocationLists);
}

class ListReading {
  readonly #files: ListFiles;
  readonly #newest = new NewestLists();
  readonly #onRefused: (error: unknown) => void;
  /** By each list that holds, where it comes from. */
  #filed = new Map<CertificateList, FiledList>();
  #current: RevocationLists | undefined;
  /** What was told at the last reading. */
  #told = new Set<string>();
  #skipped: readonly string[] = [];
  #isClosed = false;

  constructor(paths: WatchRevocationListsOptions['paths'], onRefused: (error: unknown) => void) {
    this.#files = new ListFiles((path) =>
      paths.some((each) => resolve(each instanceof URL ? fileURLToPath(each) : each) === path),
    );
    this.#onRefused = onRefused;
  }

  get skipped(): readonly string[] {
    return this.#skipped;
  }

  close(): void {
    this.#isClosed = true;
  }

  async read(files: readonly FileContents[]): Promise<RevocationLists> {
    const { lists: found, skipped, faults } = await this.#files.read(files);
    const isFirst = this.#current === undefined;
    const [fault = isFirst && found.length === 0 ? noList : undefined] = faults;
    if (isFirst && fault !== undefined) throw fault;
    const filed = new Map(found.map((each) => [each.list, each]));
    const kept = this.#newest.update([...filed.keys()], Date.now());
    for (const { list } of kept) {
      const before = this.#filed.get(list);
      if (before !== undefined) filed.set(list, before);
    }
    this.#filed = filed;
    this.#skipped = Object.freeze([...skipped]);
    this.#tell([
      ...faults,
      ...kept.map(({ list, reason }) => staying(filed.get(list)?.path ?? 'a file', list, reason)),
    ]);
    return this.#snapshot([...filed.values()]);
  }

  /** Tells what was not told at the last reading. */
  #tell(faults: readonly TlsError[]): void {
    if (this.#isClosed) return;
    const onRefused = this.#onRefused;
    for (const fault of faults) if (!this.#told.has(fault.message)) queueMicrotask(() => onRefused(fault));
    this.#told = new Set(faults.map(({ message }) => message));
  }

  #snapshot(filed: readonly FiledList[]): RevocationLists {
    const hash = createHash('sha256');
    for (const each of filed.map(({ digest }) => digest).toSorted()) hash.update(each);
    const digest = hash.digest('hex');
    if (this.#current?.digest !== digest)
      this.#current = Object.freeze({ crls: Object.freeze(filed.map(({ der }) => der)), digest });
    return this.#current;
  }
}

const noList = new TlsError('ERR_TLS_CONFIG', 'revocation: there is no revocation list in the files', {
  option: 'revocation',
});

function staying(path: string, { thisUpdate, nextUpdate }: CertificateList, reason: 'gone' | 'older'): TlsError {
  const [from, until] = [thisUpdate, nextUpdate].map((time) => new Date(time).toISOString());
  const why = reason === 'gone' ? 'there is none of its issuer any more' : 'the one in its place is not newer';
  return new TlsError('ERR_TLS_CONFIG', `revocation: the list of ${path} of ${from} stays until ${until}: ${why}`, {
    option: 'revocation',
  });
}

function warn(error: unknown): void {
  process.emitWarning(
    `revocation lists are refused, and those that were read before stay: ${String(error)}`,
    'TlsWarning',
  );
}
