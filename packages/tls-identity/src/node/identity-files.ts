import type { KeyIdentity, PassphraseSource, SignerIdentity } from '@org/tls-core';
import { ownOptions } from '@org/tls-core/backend';
import { pathFrom, type FileContents } from '@org/tls-core/files';
import { fault } from '../identity-fault.ts';
import { readIdentity } from '../read-identity.ts';
import { pairInFolder } from './folder-pair.ts';

/** Says in which files a private key and its certificates are. */
export type IdentityFiles = PemFiles | PfxFile | IdentityFolder;

/** A key and a chain in files, each in any form that `readIdentity` reads from bytes. */
export interface PemFiles {
  readonly privateKey: string | URL;
  /** Default: the certificates are in the file of the private key. */
  readonly certificateChain?: string | URL;
  /** As of `readIdentity`. A function is called each time that the files are read. */
  readonly passphrase?: PassphraseSource;
  /** As of `readIdentity`: what deriving keys from the passphrase may cost. */
  readonly maxIterations?: number;
  readonly pfx?: never;
  readonly folder?: never;
  readonly friendlyName?: never;
}

/** A PKCS#12 file. */
export interface PfxFile {
  readonly pfx: string | URL;
  readonly passphrase?: PassphraseSource;
  readonly maxIterations?: number;
  /** The name of the key to take where there are several. */
  readonly friendlyName?: string;
  readonly privateKey?: never;
  readonly certificateChain?: never;
  readonly folder?: never;
}

/**
 * A folder with one key and one chain, by the names that certbot, Kubernetes, acme.sh, Caddy, lego and others give them: `fullchain.pem` and
 * `privkey.pem`, `tls.crt` and `tls.key`, `fullchain.cer` and the one file that ends in `.key`, `NAME.crt` and `NAME.key`.
 */
export interface IdentityFolder {
  readonly folder: string | URL;
  readonly passphrase?: PassphraseSource;
  readonly maxIterations?: number;
  readonly privateKey?: never;
  readonly certificateChain?: never;
  readonly pfx?: never;
  readonly friendlyName?: never;
}

/** How an identity is read from files that are watched. */
export interface FileSource {
  /** What stands before messages. */
  readonly name: string;
  readonly paths: readonly string[];
  /** Chooses those that count of the files that were found. */
  choose(files: readonly FileContents[]): readonly FileContents[];
  /** Reads what was chosen. */
  read(chosen: readonly FileContents[]): Promise<KeyIdentity | SignerIdentity>;
}

const names = [
  'privateKey',
  'certificateChain',
  'passphrase',
  'maxIterations',
  'pfx',
  'friendlyName',
  'folder',
] as const;

/** @throws TypeError on an unknown or a wrong option; TlsError `ERR_TLS_IDENTITY` unless exactly one way is given */
export function fileSource(given: IdentityFiles): FileSource {
  const own = ownOptions(given, names, 'files');
  const { privateKey, certificateChain, pfx, friendlyName, folder } = own;
  const ways = [privateKey, pfx, folder].filter((way) => way !== undefined);
  if (ways.length !== 1) throw fault('expected one of `privateKey`, `pfx` and `folder`');
  if (certificateChain !== undefined && privateKey === undefined)
    throw fault('`certificateChain` goes with `privateKey`');
  if (friendlyName !== undefined && pfx === undefined) throw fault('`friendlyName` goes with `pfx`');
  const opened = openingOf(own);
  if (folder !== undefined) return folderSource(pathFrom(folder), opened);
  if (pfx !== undefined)
    return pfxSource(pathFrom(pfx), { ...opened, ...(friendlyName !== undefined && { friendlyName }) });
  const paths = [certificateChain, privateKey].filter((path) => path !== undefined).map(pathFrom);
  return pemSource(paths, opened);
}

/** What opens files that are encrypted. */
export type Opening = Pick<PemFiles, 'passphrase' | 'maxIterations'>;

/** Leaves out what is not given: an option that is `undefined` is no option. */
export function openingOf({ passphrase, maxIterations }: Opening): Opening {
  return { ...(passphrase !== undefined && { passphrase }), ...(maxIterations !== undefined && { maxIterations }) };
}

function folderSource(folder: string, opening: Opening): FileSource {
  return {
    name: folder,
    paths: [folder],
    choose: (files) => {
      const { certificateChain, privateKey } = pairInFolder(folder, files);
      return [certificateChain, privateKey];
    },
    read: async (chosen) => readPem(chosen, opening),
  };
}

function pemSource(paths: readonly string[], opening: Opening): FileSource {
  return {
    name: paths.join(', '),
    paths,
    choose: (files) => onlyFiles(files, paths),
    read: async (chosen) => readPem(chosen, opening),
  };
}

function pfxSource(path: string, opening: Opening & Pick<PfxFile, 'friendlyName'>): FileSource {
  return {
    name: path,
    paths: [path],
    choose: (files) => onlyFiles(files, [path]),
    read: async ([file]) => readIdentity({ pfx: file?.bytes ?? new Uint8Array(), ...opening }),
  };
}

/** @param chosen the chain and the key, or one file that has both */
async function readPem(chosen: readonly FileContents[], opening: Opening): Promise<KeyIdentity | SignerIdentity> {
  const [first, second = first] = chosen;
  if (first === undefined || second === undefined) throw fault('there is no file');
  const isOne = first === second;
  return readIdentity({ privateKey: second.bytes, ...(!isOne && { certificateChain: first.bytes }), ...opening });
}

/** A path that was given as a file's may lead to a folder. */
function onlyFiles(files: readonly FileContents[], paths: readonly string[]): readonly FileContents[] {
  const folder = paths.find((path) => !files.some((file) => file.path === path));
  if (folder !== undefined) throw fault(`${folder} is a folder; it is given as \`folder\``);
  return files;
}
