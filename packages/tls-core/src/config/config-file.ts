import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { lilconfig } from 'lilconfig';
import type { BackendChoice } from './contexts.ts';
import { TlsError } from '../tls-error.ts';

/** What a config file may say. */
export interface TlsConfigFile {
  /** The backend of every connection whose call names none. */
  readonly backend?: BackendChoice;
}

/** Gives a config file its type: `export default defineConfig({ backend: 'pure' })`. */
export function defineConfig(config: TlsConfigFile): TlsConfigFile {
  return config;
}

const searchPlaces = [
  'tls.config.ts',
  'tls.config.mts',
  'tls.config.js',
  'tls.config.mjs',
  'tls.config.json',
  'package.json',
];

/**
 * Searches `cwd` and the folders above it, up to the home folder.
 * @returns the nearest file's content, or `undefined` when there is none
 * @throws TypeError on an unknown key
 * @throws TlsError `ERR_TLS_CONFIG` when the file cannot be loaded
 */
export async function loadConfigFile(cwd: string): Promise<TlsConfigFile | undefined> {
  const found = await lilconfig('tls', {
    searchPlaces,
    loaders: {
      '.ts': importModule,
      '.mts': importModule,
      '.js': importModule,
      '.mjs': importModule,
      '.json': readJson,
    },
    packageProp: 'tls',
    cache: false,
  }).search(cwd);
  if (found === null || found.isEmpty === true) return undefined;
  return checkConfigFile(found.config, found.filepath);
}

async function importModule(path: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(path).href);
    return (module as { readonly default?: unknown }).default;
  } catch (cause) {
    const isUntypedNode = (cause as { readonly code?: unknown } | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const hint = isUntypedNode ? '; this Node cannot read TypeScript, use tls.config.mjs' : '';
    throw new TlsError('ERR_TLS_CONFIG', `${path} cannot be loaded${hint}`, { cause });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new TlsError('ERR_TLS_CONFIG', `${path} cannot be loaded`, { cause });
  }
}

function checkConfigFile(config: unknown, path: string): TlsConfigFile {
  if (typeof config !== 'object' || config === null)
    throw new TypeError(`${path}: expected an object as default export, got ${typeof config}`);
  const unknown = Object.keys(config).find((key) => key !== 'backend');
  if (unknown !== undefined) throw new TypeError(`${path}: unknown key \`${unknown}\`; known: backend`);
  const { backend } = config as { readonly backend?: unknown };
  const isBackend = typeof backend === 'string' || (typeof backend === 'object' && backend !== null);
  if (backend !== undefined && !isBackend) throw new TypeError(`${path}: backend is a name or a backend`);
  return config;
}
