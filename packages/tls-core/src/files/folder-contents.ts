import { createHash } from 'node:crypto';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TlsError } from '../tls-error.ts';
import { noFile, wholeFile } from './whole-file.ts';

/** One file and what it held. */
export interface FileContents {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What all files held at one time. */
export interface Contents {
  readonly files: readonly FileContents[];
  /** Stands for the paths and all that they hold. */
  readonly digest: string;
}

/** A folder of a CA's revocation lists has some hundreds; certbot's has four files. */
const maxFiles = 1000;
/** Certificates of a large server are some kilobytes, revocation lists up to 16 MiB. */
const maxBytes = 2 ** 26;
/**
 * Files are read again after so many milliseconds where they changed meanwhile. Who renews a certificate takes away a link and makes another
 * one, which takes less; who is longer at it is found at the next look.
 */
const pauses = [0, 20, 40, 80, 160] as const;
/**
 * A file that changed so many milliseconds ago may have changed once more without another time: clocks of file systems go in steps, of two
 * seconds at most (FAT).
 */
const slowestClock = 3000;

/** Reads files and the files of folders, as they stand when nobody writes them. */
export class FolderContents {
  readonly #paths: readonly string[];
  #marks: string | undefined;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /**
   * Reads all files.
   * @throws (rejects with) an error of node:fs; TlsError `ERR_TLS_CONFIG` where there are more than 1,000 files or 64 MiB, where one is neither
   *   file nor folder, or where they go on changing while they are read
   */
  async read(): Promise<Contents> {
    return (await this.#read(undefined)) as Contents;
  }

  /**
   * As `read`, but reads nothing where no file looks changed since they were read the last time.
   * @returns `undefined` when there is no change
   */
  async readIfChanged(): Promise<Contents | undefined> {
    return this.#read(this.#marks);
  }

  async #read(known: string | undefined): Promise<Contents | undefined> {
    let gone: Error | undefined;
    for (const milliseconds of pauses) {
      try {
        // One attempt comes after the other, since each says whether another is needed.
        // oxlint-disable no-await-in-loop
        if (milliseconds > 0) await pause(milliseconds);
        const before = await this.#look();
        if (before.marks === known) return undefined;
        const files = await readAll(before.found);
        const after = await this.#look();
        // oxlint-enable no-await-in-loop
        if (files !== undefined && before.marks === after.marks) {
          this.#marks = isSettled(after.found) ? after.marks : undefined;
          return { files, digest: digestOf(files) };
        }
        gone = undefined;
      } catch (error) {
        if (!isGone(error)) throw error;
        gone = error;
      }
    }
    if (gone !== undefined) throw gone;
    throw new TlsError('ERR_TLS_CONFIG', `files go on changing while they are read: ${this.#paths.join(', ')}`);
  }

  /** Finds the files and what tells that one has changed, without reading them. */
  async #look(): Promise<{ readonly found: readonly Found[]; readonly marks: string }> {
    const found = (await Promise.all(this.#paths.map(filesAt))).flat();
    if (found.length > maxFiles) throw tooMuch(`${found.length} files, and ${maxFiles} are the limit`);
    const bytes = found.reduce((sum, { size }) => sum + size, 0);
    if (bytes > maxBytes) throw tooMuch(`${bytes} bytes, and ${maxBytes} are the limit`);
    return { found, marks: JSON.stringify(found) };
  }
}

/** A file, and what is another one when it is written or replaced. */
interface Found {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since the epoch. Nobody can set it back, as he can the time of the last write. */
  readonly changedAt: number;
  readonly mark: string;
}

async function filesAt(path: string): Promise<readonly Found[]> {
  const given = await find(path);
  if (given !== 'folder' && given !== 'other') return [given];
  if (given === 'other') throw noFile(path);
  const entries: string[] = [];
  for await (const { name } of await opendir(path)) {
    if (name.startsWith('.')) continue;
    entries.push(join(path, name));
    if (entries.length > maxFiles) throw tooMuch(`over ${maxFiles} entries in ${path}`);
  }
  const inside = await Promise.all(entries.toSorted().map(find));
  return inside.filter((each) => typeof each === 'object');
}

async function find(path: string): Promise<Found | 'folder' | 'other'> {
  const stats = await stat(path, { bigint: true });
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile()) return 'other';
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = stats;
  return { path, size: Number(size), changedAt: Number(ctimeMs), mark: [dev, ino, mtimeNs, ctimeNs].join(' ') };
}

/** Reads one file after the other, so that few are open at a time. */
async function readAll(found: readonly Found[]): Promise<readonly FileContents[] | undefined> {
  const files: FileContents[] = [];
  for (const { path, size } of found) {
    // oxlint-disable-next-line no-await-in-loop
    const bytes = await wholeFile(path, size);
    if (bytes === undefined) return undefined;
    files.push({ path, bytes });
  }
  return files;
}

function isSettled(found: readonly Found[]): boolean {
  const now = Date.now();
  return found.every(({ changedAt }) => now - changedAt > slowestClock);
}

/** A digest is kept in place of what was read, which may be a private key. */
function digestOf(files: readonly FileContents[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

/** Tells whether a file was not there, which may be so for the moment in which it is replaced. */
function isGone(error: unknown): error is Error {
  return error instanceof Error && (error as { readonly code?: unknown }).code === 'ENOENT';
}

function tooMuch(what: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `there is too much to watch: ${what}`);
}
