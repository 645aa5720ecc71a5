import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TlsError } from '../tls-error.ts';

/** One file and what it held. */
export interface FileContents {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What one look found. */
export interface Contents {
  /** Is `undefined` where nothing has changed. */
  readonly files: readonly FileContents[] | undefined;
  /** Stands for the paths and all that they hold. */
  readonly digest: string;
}

/** A folder of a CA's revocation lists has some hundreds; certbot's has four files. */
const maxFiles = 1000;
/** Certificates of a large server are some kilobytes, revocation lists up to 16 MiB. */
const maxBytes = 2 ** 26;
/** A writer that is never done is a fault of its own. */
const maxAttempts = 5;

/** Reads files and the files of folders, only when they look changed, and only as they stand when nobody writes them. */
export class FolderContents {
  readonly #paths: readonly string[];
  #marks: string | undefined;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /**
   * @param known the digest of what need not be read again
   * @throws (rejects with) an error of node:fs; TlsError `ERR_TLS_CONFIG` where there are more than 1,000 files or 64 MiB, or where they go on
   *   changing while they are read
   */
  async read(known: string | undefined): Promise<Contents> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      // One attempt comes after the other, since each says whether another is needed.
      // oxlint-disable no-await-in-loop
      const before = await this.#look();
      if (known !== undefined && before.marks === this.#marks) return { files: undefined, digest: known };
      const files = await Promise.all(before.paths.map(async (path) => ({ path, bytes: await readFile(path) })));
      const after = await this.#look();
      // oxlint-enable no-await-in-loop
      if (before.marks !== after.marks) continue;
      this.#marks = after.marks;
      const digest = digestOf(files);
      return { files: digest === known ? undefined : files, digest };
    }
    throw new TlsError('ERR_TLS_CONFIG', `files go on changing while they are read: ${this.#paths.join(', ')}`);
  }

  /** Finds the files and what tells that one has changed, without reading them. */
  async #look(): Promise<{ readonly paths: readonly string[]; readonly marks: string }> {
    const paths = (await Promise.all(this.#paths.map(filesAt))).flat();
    if (paths.length > maxFiles) throw tooMuch(`${paths.length} files, and ${maxFiles} are the limit`);
    const found = await Promise.all(paths.map(async (path) => stat(path, { bigint: true })));
    const bytes = found.reduce((sum, { size }) => sum + Number(size), 0);
    if (bytes > maxBytes) throw tooMuch(`${bytes} bytes, and ${maxBytes} are the limit`);
    const marks = found.map(({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(' '));
    return { paths, marks: JSON.stringify([paths, marks]) };
  }
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = (await readdir(path)).filter((name) => !name.startsWith('.')).toSorted();
  if (entries.length > maxFiles) throw tooMuch(`${entries.length} entries in ${path}, and ${maxFiles} are the limit`);
  const inside = entries.map((name) => join(path, name));
  const isFile = await Promise.all(inside.map(async (each) => (await stat(each)).isFile()));
  return inside.filter((_, index) => isFile[index]);
}

/** A digest is kept in place of what was read, which may be a private key. */
function digestOf(files: readonly FileContents[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

function tooMuch(what: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `there is too much to watch: ${what}`);
}
