import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ownOptions } from '@org/tls-core/backend';
import { pathFrom } from '@org/tls-core/files';
import { fault } from '../identity-fault.ts';
import { fileSource, openingOf, type FileSource, type IdentityFiles, type Opening } from './identity-files.ts';

/**
 * Says where the identities of a server with several names are: each by itself, in order of preference, or in the folders of a folder, as certbot
 * has them in `/etc/letsencrypt/live`. Folders may come and go.
 */
export type IdentitySources = readonly IdentityFiles[] | (Opening & { readonly foldersOf: string | URL });

/** Where identities are, which may become more or fewer. */
export interface Places {
  /** True where every identity has to be usable from the beginning, because somebody has named it. */
  readonly areNamed: boolean;
  /**
   * Finds the sources that there are now, in order, each by a name that stays.
   * @throws (rejects with) an error of node:fs; TlsError `ERR_TLS_IDENTITY` when there is none, or there are too many
   */
  find(): Promise<ReadonlyMap<string, FileSource>>;
}

/** A server has some hundred names. One look at so many files takes less than a second. */
const mostIdentities = 1000;

/** @throws TypeError on an option of the wrong type, TlsError `ERR_TLS_IDENTITY` on an empty list or one of over 1,000 */
export function placesOf(sources: IdentitySources): Places {
  if (isList(sources)) return listed(sources);
  const { foldersOf, ...opened } = ownOptions(sources, ['foldersOf', 'passphrase', 'maxIterations'], 'sources');
  const folder = pathFrom(foldersOf);
  const opening = openingOf(opened);
  return {
    areNamed: false,
    find: async () => {
      const found = await foldersIn(folder);
      return new Map(found.map((path) => [path, fileSource({ folder: path, ...opening })]));
    },
  };
}

function isList(sources: IdentitySources): sources is readonly IdentityFiles[] {
  return Array.isArray(sources);
}

function listed(sources: readonly IdentityFiles[]): Places {
  const list = new Map(Array.from(sources, (each, index) => [String(index), fileSource(each)]));
  if (list.size === 0 || list.size > mostIdentities)
    throw fault(`expected 1 to ${mostIdentities} identities, got ${list.size}`);
  return { areNamed: true, find: () => Promise.resolve(list) };
}

/** A volume that is not mounted is an empty folder, so that there has to be one at least. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of await opendir(folder)) {
    const path = join(folder, name);
    if (name.startsWith('.') || !(await stat(path)).isDirectory()) continue;
    found.push(path);
    if (found.length > mostIdentities) throw fault(`${folder}: there are over ${mostIdentities} folders in it`);
  }
  if (found.length === 0) throw fault(`${folder}: there is no folder in it`);
  return found.toSorted();
}
