import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { interfaceVersion, type TlsBackend } from '../backend.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { loadConfigFile } from './config-file.ts';
import type { BackendChoice } from './contexts.ts';

/** Where to look for what the call does not say. */
export interface WhereToLook {
  /** Where the config file is searched and packages are resolved from; default: the process's. */
  readonly cwd?: string;
  /** The asking module's `import.meta.url`: an application's own dependencies are found wherever it is started. */
  readonly from?: string;
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const packageByName: Readonly<Record<string, string>> = { pure: '@org/tls-pure', native: '@org/tls-native' };

/**
 * The backend by, in this order: the call, the environment's `TLS_BACKEND`, the config file, and then the first that loads of the
 * platform's order (`native`, `pure`; on macOS `pure`, `native`). One that was named is never replaced by another.
 * @param choice a backend, a name (`pure`, `native`, `auto`) or a package that exports `createBackend`
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` with the reason, `ERR_TLS_CONFIG` on a config file that cannot be loaded
 */
export async function resolveBackend(choice?: BackendChoice, where: WhereToLook = {}): Promise<TlsBackend> {
  const { cwd = process.cwd(), from, env = process.env } = where;
  const chosen = choice ?? nonEmpty(env['TLS_BACKEND']) ?? (await loadConfigFile(cwd))?.backend ?? 'auto';
  if (typeof chosen !== 'string') return checked(chosen, 'the given backend');
  // From the working directory first, then from the caller, then from here, where a flat node_modules has it.
  const bases = [join(cwd, 'noop.js'), from, import.meta.url].filter((base) => base !== undefined);
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, bases);
}

async function firstThatLoads(bases: readonly string[]): Promise<TlsBackend> {
  const order = process.platform === 'darwin' ? ['pure', 'native'] : ['native', 'pure'];
  const failures: TlsError[] = [];
  for (const name of order) {
    try {
      return await load(name, bases);
    } catch (error) {
      if (!isTlsError(error) || error.code !== 'ERR_TLS_BACKEND_UNAVAILABLE') throw error;
      failures.push(error);
    }
  }
  const reasons = failures.map(({ message }) => message).join('; ');
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `no TLS backend can be had: ${reasons}`, {
    cause: new AggregateError(failures, 'no backend loads'),
  });
}

/** Backends by the file they came from: a backend is made once. */
const loaded = new Map<string, Promise<TlsBackend>>();

async function load(name: string, bases: readonly string[]): Promise<TlsBackend> {
  const path = resolvePackage(packageByName[name] ?? name, bases);
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const pending = importBackend(name, path);
  loaded.set(path, pending);
  try {
    return await pending;
  } catch (error) {
    loaded.delete(path);
    throw error;
  }
}

function resolvePackage(specifier: string, bases: readonly string[]): string {
  let cause: unknown;
  for (const base of bases) {
    try {
      return createRequire(base).resolve(specifier);
    } catch (error) {
      cause = error;
    }
  }
  throw new TlsError(
    'ERR_TLS_BACKEND_UNAVAILABLE',
    `the package ${specifier} is not installed (npm install ${specifier})`,
    { cause },
  );
}

async function importBackend(name: string, path: string): Promise<TlsBackend> {
  const module = await importModule(name, path);
  if (typeof module.createBackend !== 'function') {
    throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `${path} exports no createBackend`);
  }
  try {
    return checked(await module.createBackend(), name);
  } catch (cause) {
    if (isTlsError(cause)) throw cause;
    throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the backend ${name} cannot be made`, { cause });
  }
}

interface BackendModule {
  readonly createBackend?: () => MaybePromise<TlsBackend>;
}

async function importModule(name: string, path: string): Promise<BackendModule> {
  try {
    return (await import(pathToFileURL(path).href)) as BackendModule;
  } catch (cause) {
    throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the backend ${name} cannot be loaded from ${path}`, { cause });
  }
}

/** Two versions of the contract do not mix. */
function checked(backend: TlsBackend, what: string): TlsBackend {
  const version: unknown = backend.interfaceVersion;
  if (version === interfaceVersion) return backend;
  throw new TlsError(
    'ERR_TLS_BACKEND_UNAVAILABLE',
    `${what} implements version ${String(version)} of the interface, this is version ${interfaceVersion}`,
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
