import { readFileSync, statSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ownOptions } from '../own-options.ts';
import { TlsError } from '../tls-error.ts';
import { backendNames, isBackendName, type Choice } from './backend-choice.ts';
import { checkCryptoName } from './crypto-choice.ts';

/**
 * Searches a folder and those above it, up to the home folder. In each it reads `tls.config.json`, then `tls` of `package.json`. Whoever can
 * write into one of these folders chooses which of our backends and crypto providers runs, and nothing is run that lies there.
 * @returns the nearest file's choice
 * @throws TypeError on an unknown key
 * @throws TlsError `ERR_TLS_CONFIG` when the file cannot be read, names anything but a backend and a crypto provider of the library, or would be
 *   code
 */
export function choiceOfFile(cwd: string): Choice {
  for (const folder of foldersFrom(resolve(cwd))) {
    const found = configIn(folder);
    if (found !== undefined) return checkConfig(found.config, found.path);
  }
  return { backend: undefined, crypto: undefined };
}

function foldersFrom(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder || folder === homedir() ? [folder] : [folder, ...foldersFrom(parent)];
}

function configIn(folder: string): { readonly config: unknown; readonly path: string } | undefined {
  refuseCode(folder);
  const path = join(folder, 'tls.config.json');
  const config = readData(path);
  if (config !== undefined) return { config, path };
  const packagePath = join(folder, 'package.json');
  const description = readData(packagePath);
  const hasConfig = typeof description === 'object' && description !== null && Object.hasOwn(description, 'tls');
  return hasConfig ? { config: (description as { readonly tls: unknown }).tls, path: packagePath } : undefined;
}

/** Refuses a configuration that is code. Other tools have such files, so that somebody will write one, and must hear that it is not read. */
function refuseCode(folder: string): void {
  const paths = codeFiles.map((name) => join(folder, name));
  const path = paths.find((each) => statOf(each) !== undefined);
  if (path === undefined) return;
  throw new TlsError('ERR_TLS_CONFIG', `${path} is code, which is not run; expected tls.config.json`);
}

const codeFiles = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((extension) => `tls.config.${extension}`);

/** No package.json is as large. */
const maxSize = 2 ** 20;

/** Reads a file of JSON; gives `undefined` when there is no such file. */
function readData(path: string): unknown {
  const stats = statOf(path);
  if (stats === undefined) return undefined;
  // to read a pipe could take for ever
  if (!stats.isFile() || stats.size > maxSize)
    throw new TlsError('ERR_TLS_CONFIG', `${path}: expected a file of at most ${maxSize} bytes`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new TlsError('ERR_TLS_CONFIG', `${path} cannot be read`, { cause });
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new TlsError('ERR_TLS_CONFIG', `${path} cannot be read`, { cause });
  }
}

function checkConfig(config: unknown, path: string): Choice {
  const names = ['backend', 'crypto'] as const;
  const { backend, crypto } = ownOptions(
    config as { readonly backend?: unknown; readonly crypto?: unknown },
    names,
    path,
  );
  if (backend === undefined || isBackendName(backend))
    return { backend, crypto: checkCryptoName(crypto, `${path}: crypto`) };
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `${path}: backend: expected one of ${backendNames.join(', ')}; any other is given by the call or by TLS_BACKEND`,
    { option: 'backend' },
  );
}
