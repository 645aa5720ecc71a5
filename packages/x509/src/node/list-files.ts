import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { isTlsError, TlsError } from '@org/tls-core';
import { pemOrDer } from '@org/tls-core/backend';
import type { FileContents } from '@org/tls-core/files';
import type { CertificateList } from '../certificate-list.ts';
import { listsInPem, readListOnce } from '../revocation-rules.ts';

/** A list, and what it was read from. */
export interface FiledList {
  readonly list: CertificateList;
  readonly der: Uint8Array;
  /** SHA-256 of `der`, in hexadecimal digits. */
  readonly digest: string;
  readonly path: string;
}

/** What files hold. */
export interface FoundLists {
  /** Each list once, whatever the number of its files and links. */
  readonly lists: readonly FiledList[];
  /** The paths of files of other kinds. */
  readonly skipped: readonly string[];
  /** Why files that should have lists have none that can be used. */
  readonly faults: readonly TlsError[];
}

type Contents = { readonly lists: readonly FiledList[] } | { readonly fault: TlsError } | 'other';

/** Reads the lists of files, and those of files that did not change only once. */
export class ListFiles {
  readonly #isNamed: (path: string) => boolean;
  /** By the digest of a file, what was made of it. It holds the files of the last reading. */
  #known = new Map<string, Contents>();
  /** The paths at which there were lists. */
  readonly #listPaths = new Set<string>();

  /** @param isNamed tells whether somebody has named this very file, and not only its folder */
  constructor(isNamed: (path: string) => boolean) {
    this.#isNamed = isNamed;
  }

  /** The event loop has a turn between two steps of the work, because a list may have 16 MiB. */
  async read(files: readonly FileContents[]): Promise<FoundLists> {
    const known = new Map<string, Contents>();
    const lists = new Map<string, FiledList>();
    const skipped: string[] = [];
    const faults: TlsError[] = [];
    for (const { path, bytes } of files) {
      const isExpected = this.#isNamed(path) || this.#listPaths.has(path) || hasNameOfList.test(path);
      const digest = `${String(isExpected)} ${digestOf(bytes)}`;
      // Files are read one by one, so that nothing else has to wait for all of them.
      // oxlint-disable-next-line no-await-in-loop
      const contents = known.get(digest) ?? this.#known.get(digest) ?? (await contentsOf(path, bytes, isExpected));
      known.set(digest, contents);
      if (contents === 'other') skipped.push(path);
      else if ('fault' in contents) faults.push(contents.fault);
      else {
        this.#listPaths.add(path);
        for (const filed of contents.lists) if (!lists.has(filed.digest)) lists.set(filed.digest, filed);
      }
    }
    this.#known = known;
    return { lists: [...lists.values()], skipped, faults };
  }
}

/** Names that nothing but lists has: `.crl`, and the links that `openssl rehash` makes, such as `9d66eef0.r0`. */
const hasNameOfList = /\.(?:crl|r\d+)$/iu;

async function contentsOf(path: string, bytes: Uint8Array, isExpected: boolean): Promise<Contents> {
  try {
    return { lists: await listsOf(path, bytes) };
  } catch (error) {
    if (!isTlsError(error)) throw error;
    if (!isExpected && !hasBlockOfList(bytes)) return 'other';
    const message = `revocation: the list of ${path} cannot be used: ${error.message}`;
    return { fault: new TlsError('ERR_TLS_CONFIG', message, { option: 'revocation', cause: error }) };
  }
}

async function listsOf(path: string, bytes: Uint8Array): Promise<readonly FiledList[]> {
  const ders = bytes[0] === sequenceTag ? [bytes] : await dersInPem(bytes);
  const lists: FiledList[] = [];
  for (const der of ders) {
    // oxlint-disable-next-line no-await-in-loop
    await turn();
    const list = readListOnce(der);
    // oxlint-disable-next-line no-await-in-loop
    await turn();
    // The list makes its index when it is first asked, which would otherwise be in a handshake.
    list.revokes(new Uint8Array(0));
    lists.push({ list, der, digest: digestOf(der), path });
  }
  return lists;
}

async function dersInPem(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
  await turn();
  const text = pemOrDer(bytes);
  if (typeof text !== 'string') throw new TlsError('ERR_TLS_CONFIG', 'neither PEM nor DER');
  await turn();
  return listsInPem(text);
}

const sequenceTag = 0x30;

function hasBlockOfList(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('-----BEGIN X509 CRL-----');
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
