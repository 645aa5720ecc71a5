import { fileURLToPath } from 'node:url';
import type { MaybePromise } from '../maybe-promise.ts';
import { wrongType } from '../option-error.ts';
import * as rule from '../option-rule.ts';
import { ownOptions } from '../own-options.ts';
import { TlsError } from '../tls-error.ts';
import { FolderContents, type FileContents } from './folder-contents.ts';

/** Says which files are watched, and what is made of them. */
export interface WatchFilesOptions<Value> {
  /**
   * Lists files, and folders whose files are all meant: not those in folders below, and none whose name begins with a dot. Links are followed
   * at each look.
   */
  readonly paths: readonly (string | URL)[];
  /**
   * Makes the value of what the files hold, in the order of `paths`, a folder's files by name. Where it throws, the files are refused and the
   * value that was there stays. It is called only when what the files hold has changed, or was refused.
   */
  readonly read: (files: readonly FileContents[]) => MaybePromise<Value>;
  /** Says how many milliseconds lie between two looks, 100 to 2^31 - 1; 0: nobody looks but `check`. Default: 10,000. */
  readonly interval?: number;
  /** Is told each new value after the first. What it throws is the application's own uncaught exception. */
  readonly onChange?: (value: Value) => void;
  /** Is told once why files are refused. Default: `process.emitWarning`. What it throws is the application's own uncaught exception. */
  readonly onRefused?: (error: unknown) => void;
}

/** A value that is made of files, and made again when they change. */
export interface WatchedFiles<Value> extends Disposable {
  /** Is what the last files gave that were not refused. */
  readonly current: Value;
  /**
   * Looks now, behind the looks that were begun before.
   * @returns whether there is a new value
   * @throws (rejects with) what the files are refused for
   */
  check(): Promise<boolean>;
  /** Ends the looks. The value stays. */
  close(): void;
}

const defaultInterval = 10_000;
const names = ['paths', 'read', 'interval', 'onChange', 'onRefused'] as const;

/**
 * Reads files, and reads them again when they change: when their time, size or place on the disk is another one at one of the looks, so that it
 * works over links that are swapped, over volumes of containers and over network file systems. Files that change while they are read are read
 * once more. No look keeps the process alive.
 * @throws (rejects with) TypeError on an option of the wrong type; what the first read fails with
 */
export async function watchFiles<Value>(options: WatchFilesOptions<Value>): Promise<WatchedFiles<Value>> {
  const own = ownOptions(options, names, 'watchFiles');
  const paths = rule.listOf(own.paths, 'paths', 'a list of paths', pathFrom);
  if (typeof own.read !== 'function') throw wrongType('read', 'a function', own.read);
  const interval = own.interval ?? defaultInterval;
  if (!Number.isInteger(interval) || (interval !== 0 && (interval < 100 || interval >= 2 ** 31)))
    throw new TlsError('ERR_TLS_CONFIG', `interval: ${String(interval)} is not 0 or from 100 to 2^31 - 1`, {
      option: 'interval',
    });
  const watch = new FileWatch<Value>(new FolderContents(paths), { ...own, interval });
  await watch.begin();
  return watch;
}

function pathFrom(path: unknown): string {
  if (path instanceof URL) return fileURLToPath(path);
  if (typeof path === 'string' && path !== '') return path;
  throw wrongType('paths', 'a list of paths, as text or as file: URLs', path);
}

type Settings<Value> = Omit<WatchFilesOptions<Value>, 'paths' | 'interval'> & { readonly interval: number };

class FileWatch<Value> implements WatchedFiles<Value> {
  readonly #contents: FolderContents;
  readonly #settings: Settings<Value>;
  #value: { readonly current: Value } | undefined;
  #accepted: string | undefined;
  #refused: string | undefined;
  #looks: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(contents: FolderContents, settings: Settings<Value>) {
    this.#contents = contents;
    this.#settings = settings;
  }

  get current(): Value {
    if (this.#value === undefined) throw new TlsError('ERR_TLS_API_MISUSE', 'nothing has been read yet');
    return this.#value.current;
  }

  async begin(): Promise<void> {
    await this.#look();
    this.#arm();
  }

  check(): Promise<boolean> {
    const look = this.#looks.then(() => this.#look());
    this.#looks = look.catch(() => undefined);
    return look;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(): void {
    const { interval } = this.#settings;
    if (interval === 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.check()
        .catch(() => undefined)
        .then(() => this.#arm());
    }, interval);
    this.#timer.unref();
  }

  /** Looks once. A refusal is told to the owner only when it is not the one that was told before. */
  async #look(): Promise<boolean> {
    if (this.#isClosed) return false;
    let seen: string | undefined;
    try {
      const { files, digest } = await this.#contents.read(this.#refused === undefined ? this.#accepted : undefined);
      seen = digest;
      if (files === undefined) return false;
      return this.#accept(await this.#settings.read(files), digest);
    } catch (error) {
      if (this.#value !== undefined) this.#refuse(error, `${seen ?? ''} ${String(error)}`);
      throw error;
    }
  }

  #accept(value: Value, digest: string): boolean {
    const isFirst = this.#value === undefined;
    this.#accepted = digest;
    this.#refused = undefined;
    if (this.#isClosed) return false;
    this.#value = { current: value };
    const { onChange } = this.#settings;
    if (!isFirst && onChange !== undefined) queueMicrotask(() => onChange(value));
    return true;
  }

  #refuse(error: unknown, refusal: string): void {
    if (refusal === this.#refused || this.#isClosed) return;
    this.#refused = refusal;
    const { onRefused = warn } = this.#settings;
    queueMicrotask(() => onRefused(error));
  }
}

function warn(error: unknown): void {
  process.emitWarning(`watched files are refused, and what was read before stays: ${String(error)}`, 'TlsWarning');
}
