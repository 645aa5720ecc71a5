import type { TicketKey, TicketKeys } from '@org/tls-core';
import { TlsError } from '@org/tls-core';
import { ownOptions } from '@org/tls-core/backend';
import { watchFiles, type FileContents, type WatchedFiles } from '@org/tls-core/files';
import { FleetSecret } from './fleet-secret.ts';
import { ticketKeyFrom, ticketKeyLength } from './ticket-key-bytes.ts';

export interface TicketKeyFilesOptions {
  /** Lists the files, or a folder of them, whose files are taken by name. The key of the first seals, all open. */
  readonly paths: readonly (string | URL)[];
  /** Says how many milliseconds lie between two looks, 100 to 2^31 - 1; 0: nobody looks but `check`. Default: 10,000. */
  readonly interval?: number;
  /** Is told once why files are refused; the keys that were there stay. Default: `process.emitWarning`. */
  readonly onRefused?: (error: unknown) => void;
}

/** Ticket keys of files. */
export interface TicketKeyFiles extends TicketKeys, Disposable {
  current(): readonly TicketKey[];
  /**
   * Looks now.
   * @returns whether there are new keys
   * @throws (rejects with) what the files are refused for
   */
  check(): Promise<boolean>;
  /** Ends the looks. The keys stay. */
  close(): void;
}

/** nginx's two forms: a name of 16 bytes, then 16 or 32 bytes for the HMAC and as many for AES. */
const lengths = [48, 80];
const mostFiles = 64;
const names = ['paths', 'interval', 'onRefused'] as const;

/**
 * Reads ticket keys from files in the form of nginx's `ssl_session_ticket_key`, 80 or 48 random bytes (`openssl rand 80 > ticket.key`), and
 * reads them again when they change. A key is derived from all bytes of a file by HKDF-SHA256 (RFC 5869), so that no key is used in two ways:
 * nginx and these servers can have the same files, but neither opens the other's tickets, whose forms differ.
 *
 * A new key opens tickets everywhere before it seals any where it stands behind the old one first, and before it only when all servers have
 * read it.
 * @throws (rejects with) TypeError on an unknown option or one of the wrong type; an error of node:fs; TlsError `ERR_TLS_CONFIG` on a file of
 *   another length, on one that is no random bytes, on two with the same key, on none, and on more than 64
 */
export async function watchTicketKeyFiles(options: TicketKeyFilesOptions): Promise<TicketKeyFiles> {
  const own = ownOptions(options, names, 'watchTicketKeyFiles');
  let known: ReadonlyMap<string, TicketKey> = new Map();
  const read = (files: readonly FileContents[]): readonly TicketKey[] => {
    known = keysOf(files, known);
    return [...known.values()];
  };
  return new WatchedTicketKeys(await watchFiles({ ...own, read }));
}

class WatchedTicketKeys implements TicketKeyFiles {
  readonly #files: WatchedFiles<readonly TicketKey[]>;

  constructor(files: WatchedFiles<readonly TicketKey[]>) {
    this.#files = files;
  }

  current(): readonly TicketKey[] {
    return this.#files.current;
  }

  check(): Promise<boolean> {
    return this.#files.check();
  }

  close(): void {
    this.#files.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @param known keys by their names; one that stays is the same object, since backends keep what they made of it */
function keysOf(files: readonly FileContents[], known: ReadonlyMap<string, TicketKey>): ReadonlyMap<string, TicketKey> {
  if (files.length === 0 || files.length > mostFiles)
    throw refused(`expected 1 to ${mostFiles} files of ticket keys, got ${files.length}`);
  const keys = new Map<string, TicketKey>();
  for (const { path, bytes } of files) {
    if (!lengths.includes(bytes.length))
      throw refused(`${path}: expected ${lengths.join(' or ')} bytes of a ticket key, got ${bytes.length}`);
    if (bytes.every((byte) => byte === bytes[0]))
      throw refused(`${path}: expected random bytes, got one byte repeated`);
    const key = ticketKeyFrom(new FleetSecret(bytes).derive('ticket key file', ticketKeyLength));
    const name = Buffer.from(key.name).toString('hex');
    if (keys.has(name)) throw refused(`${path}: another of the files holds the same ticket key`);
    keys.set(name, known.get(name) ?? key);
  }
  return keys;
}

function refused(message: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', message, { option: 'paths' });
}
