import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPromiseLike, type MaybePromise } from '../maybe-promise.ts';
import { badValue, kindOf, wrongType } from '../option-error.ts';
import * as rule from '../option-rule.ts';
import { ownOptions } from '../own-options.ts';
import { TlsError } from '../tls-error.ts';
import { FolderContents, type Contents, type FileContents } from './folder-contents.ts';

/** Says which files are watched, and what is made of them. */
export interface WatchFilesOptions<Value> {
  /**
   * Lists files, and folders whose files are all meant: not those in folders below, and none whose name begins with a dot. Links are followed
   * at each look.
   */
  readonly paths: readonly (string | URL)[];
  /**
   * Makes the value of what the files hold, in the order of `paths`, a folder's files by name. Where it throws, rejects, or gives no answer
   * within a minute, the files are refused and the value that was there stays. It has to refuse what is not whole, since a file that is
   * written in place is empty or cut for a moment. It is called only when what the files hold has changed, and
   * again, ever more rarely, for files that were refused: what was wrong may have been outside of them.
   */
  readonly read: (files: readonly FileContents[]) => MaybePromise<Value>;
  /** Says how many milliseconds lie between two looks, 100 to 2^31 - 1; 0: nobody looks but `check`. Default: 10,000. */
  readonly interval?: number;
  /** Is told each new value after the first. What it throws is the application's own uncaught exception. */
  readonly onChange?: (value: Value) => void;
  /**
   * Is told why files are refused, once for each state of the files and each reason. Default: `process.emitWarning`. What it throws is the
   * application's own uncaught exception.
   */
  readonly onRefused?: (error: unknown) => void;
}

/** A value that is made of files, and made again when they change. */
export interface WatchedFiles<Value> extends Disposable {
  /** Is what the last files gave that were not refused. */
  readonly current: Value;
  /**
   * Looks now. Where a look has begun already, another one follows it, which all who ask meanwhile share.
   * @returns whether there is a new value
   * @throws (rejects with) what the files are refused for
   */
  check(): Promise<boolean>;
  /** Ends the looks. The value stays, also where a look is under way. */
  close(): void;
}

const defaultInterval = 10_000;
const names = ['paths', 'read', 'interval', 'onChange', 'onRefused'] as const;

/** A vault that gives a passphrase may be slow; who never answers must not end all looks in silence. */
const readPatience = 60_000;

/** With the default interval, files that stay refused are read again after ten minutes at the latest. */
const mostLooksLeft = 63;

/**
 * Reads files, and reads them again when they change: when their time, size or place on the disk is another one at one of the looks, so that it
 * works over links that are swapped, over volumes of containers and over network file systems. Files that change while they are read are read
 * once more. No look keeps the process alive.
 * @throws (rejects with) TypeError on an option of the wrong type; what the first read fails with: an error of node:fs, TlsError
 *   `ERR_TLS_CONFIG` where there are more than 1,000 files or 64 MiB, or where one is neither file nor folder, `ERR_TLS_HOOK` where `read` gives
 *   no answer within a minute, what `read` throws
 */
export async function watchFiles<Value>(options: WatchFilesOptions<Value>): Promise<WatchedFiles<Value>> {
  const { paths, ...settings } = readOptions(options);
  const contents = new FolderContents(paths);
  const { files, digest } = await contents.read();
  const value = await answered(settings.read(files));
  return new FileWatch<Value>(contents, settings, value, digest);
}

type Settings<Value> = Omit<WatchFilesOptions<Value>, 'paths' | 'interval'> & { readonly interval: number };

function readOptions<Value>(
  options: WatchFilesOptions<Value>,
): Settings<Value> & { readonly paths: readonly string[] } {
  const own = ownOptions(options, names, 'watchFiles');
  const paths = rule.listOf(own.paths, 'paths', 'a list of paths', pathFrom);
  if (paths.length === 0) throw badValue('paths', 'the list is empty');
  rule.callback(own.read, 'read');
  const { read, interval = defaultInterval, onChange, onRefused } = own;
  rule.integer(0, 2 ** 31 - 1)(interval, 'interval');
  if (interval > 0 && interval < 100) throw badValue('interval', `expected 0, or at least 100 ms, got ${interval}`);
  if (onChange !== undefined) rule.callback(onChange, 'onChange');
  if (onRefused !== undefined) rule.callback(onRefused, 'onRefused');
  return { paths, read, interval, ...(onChange && { onChange }), ...(onRefused && { onRefused }) };
}

/** A path stays what it is when the process goes to another folder. */
function pathFrom(path: unknown): string {
  if (path instanceof URL) return fileURLToPath(path);
  if (typeof path === 'string' && path !== '') return resolve(path);
  throw wrongType('paths', 'a list of paths, as text or as file: URLs', path);
}

async function answered<Value>(value: MaybePromise<Value>): Promise<Value> {
  if (!isPromiseLike(value)) return value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new TlsError('ERR_TLS_HOOK', `read: it gave no answer within ${readPatience / 1000} seconds`);
    timer = setTimeout(() => reject(error), readPatience);
    timer.unref();
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why files are refused. */
interface Refusal {
  /** Is absent where the files could not be read. */
  readonly digest: string | undefined;
  readonly reason: string;
  /** How often the same files have been refused. */
  readonly times: number;
  /** How many looks pass over these files before they are tried once more. */
  looksLeft: number;
}

class FileWatch<Value> implements WatchedFiles<Value> {
  readonly #contents: FolderContents;
  readonly #settings: Settings<Value>;
  #current: Value;
  #accepted: string;
  #refusal: Refusal | undefined;
  #running: Promise<unknown> | undefined;
  #waiting: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** True where somebody has asked, who wants to hear what is wrong with files that were refused. */
  #mustTry = false;
  #isClosed = false;

  constructor(contents: FolderContents, settings: Settings<Value>, value: Value, digest: string) {
    this.#contents = contents;
    this.#settings = settings;
    this.#current = value;
    this.#accepted = digest;
    this.#arm();
  }

  get current(): Value {
    return this.#current;
  }

  check(): Promise<boolean> {
    this.#mustTry = true;
    return this.#lookInTurn();
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
    this.#timer = setTimeout(() => void this.#lookByTime(), interval);
    this.#timer.unref();
  }

  async #lookByTime(): Promise<void> {
    try {
      await this.#lookInTurn();
    } catch {
      // The owner has been told.
    }
    this.#arm();
  }

  #lookInTurn(): Promise<boolean> {
    this.#waiting ??= this.#lookBehind(this.#running);
    return this.#waiting;
  }

  async #lookBehind(running: Promise<unknown> | undefined): Promise<boolean> {
    await running;
    this.#waiting = undefined;
    const look = this.#look();
    this.#running = look.catch(() => undefined);
    return look;
  }

  async #look(): Promise<boolean> {
    if (this.#isClosed) return false;
    let digest: string | undefined;
    try {
      const contents = await this.#contentsToTry();
      digest = contents?.digest;
      // What is in use may stand there again, behind something that was refused.
      if (digest === this.#accepted) this.#refusal = undefined;
      if (contents === undefined || digest === this.#accepted) return false;
      return this.#accept(await answered(this.#settings.read(contents.files)), contents.digest);
    } catch (error) {
      this.#refuse(error, digest);
      throw error;
    }
  }

  async #contentsToTry(): Promise<Contents | undefined> {
    const refusal = this.#refusal;
    const mustTry = this.#mustTry;
    this.#mustTry = false;
    if (refusal === undefined) return this.#contents.readIfChanged();
    if (mustTry || refusal.looksLeft === 0) return this.#contents.read();
    refusal.looksLeft -= 1;
    const changed = await this.#contents.readIfChanged();
    return changed?.digest === refusal.digest ? undefined : changed;
  }

  #accept(value: Value, digest: string): boolean {
    if (this.#isClosed) return false;
    this.#current = value;
    this.#accepted = digest;
    this.#refusal = undefined;
    const { onChange } = this.#settings;
    if (onChange !== undefined) queueMicrotask(() => onChange(value));
    return true;
  }

  #refuse(error: unknown, digest: string | undefined): void {
    const reason = reasonOf(error);
    const before = this.#refusal;
    const times = before?.digest === digest ? (before?.times ?? 0) + 1 : 1;
    // What cannot be read costs nothing to try again.
    const looksLeft = digest === undefined ? 0 : Math.min(2 ** (times - 1) - 1, mostLooksLeft);
    this.#refusal = { digest, reason, times, looksLeft };
    if (this.#isClosed || (before?.digest === digest && before?.reason === reason)) return;
    const { onRefused = warn } = this.#settings;
    queueMicrotask(() => onRefused(error));
  }
}

/** Says why in words. What is no error is not shown, since nobody has said that it may be. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : kindOf(error);
}

function warn(error: unknown): void {
  process.emitWarning(`watched files are refused, and what was read before stays: ${reasonOf(error)}`, 'TlsWarning');
}
