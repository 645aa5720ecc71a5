import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { interfaceVersion, type TlsBackend } from '../backend.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import { wrongType } from '../option-error.ts';
import { ownOptions, propertyOf } from '../own-options.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { backendNames, isBackendName, type BackendChoice } from './backend-choice.ts';
import { backendOfFile } from './config-file.ts';

/** Says where to look for what the call does not say. */
export interface WhereToLook {
  /** The folder in which, and above which, the configuration file is searched. Nothing is run that lies there. Default: the process's. */
  readonly cwd?: string | undefined;
  /**
   * The `import.meta.url` of the asking module. Packages are resolved from there, and then from this one. It is not needed where packages
   * are installed beside each other.
   */
  readonly from?: string | undefined;
  /** The environment's variables. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const packageByName = { pure: '@org/tls-pure', native: '@org/tls-native' } as const;

/**
 * Finds the backend. The call chooses it, else the environment's `TLS_BACKEND`, else the configuration file. Where none of them does, it is
 * the first that loads in the platform's order (`native`, `pure`; on macOS `pure`, `native`). One that was named is never replaced by
 * another.
 * @param choice a backend, a name (`pure`, `native`, `auto`), or a package or absolute path of a module that exports `createBackend`. The
 *   environment can choose a name or an absolute path, and a file only a name.
 * @throws TypeError on an unknown option, or a choice that is none
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` with the reason, `ERR_TLS_CONFIG` on a file or a variable that cannot be used
 */
export async function resolveBackend(choice?: BackendChoice, where: WhereToLook = {}): Promise<TlsBackend> {
  const { cwd, from, env = process.env } = ownOptions(where, ['cwd', 'from', 'env']);
  const chosen: unknown = choice === undefined ? await byDefault(env, cwd) : choice;
  if (typeof chosen === 'object' && chosen !== null) return checkBackend(chosen as TlsBackend);
  if (typeof chosen !== 'string') throw wrongType('backend', 'a backend or a name', chosen);
  const bases = from === undefined ? [import.meta.url] : [from, import.meta.url];
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, bases);
}

async function byDefault(env: NonNullable<WhereToLook['env']>, cwd: string | undefined): Promise<string> {
  return fromEnvironment(env) ?? (await backendOfFile(cwd ?? process.cwd())) ?? 'auto';
}

/** Reads `TLS_BACKEND`. Empty means not set. The name of a package is refused, since whoever sets it cannot say from where to resolve it. */
function fromEnvironment(env: NonNullable<WhereToLook['env']>): string | undefined {
  const chosen = Object.hasOwn(env, 'TLS_BACKEND') ? env['TLS_BACKEND'] : undefined;
  if (chosen === undefined || chosen === '' || isBackendName(chosen) || isAbsolute(chosen)) return chosen || undefined;
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `TLS_BACKEND: expected one of ${backendNames.join(', ')} or an absolute path, got ${chosen}`,
    { option: 'backend' },
  );
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

/** Holds backends by the file that they came from, so that each is made once. */
const loaded = new Map<string, Promise<TlsBackend>>();

async function load(name: string, bases: readonly string[]): Promise<TlsBackend> {
  const specifier = name === 'pure' || name === 'native' ? packageByName[name] : name;
  const path = resolvePackage(specifier, bases);
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
  // a relative path would mean another file to each module that resolves it
  if (specifier.startsWith('.'))
    throw new TlsError('ERR_TLS_CONFIG', `backend: expected a package or an absolute path, got ${specifier}`, {
      option: 'backend',
    });
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
    `the package ${specifier} cannot be found (npm install ${specifier}; where packages do not see each other, pass \`from: import.meta.url\`)`,
    { cause },
  );
}

async function importBackend(name: string, path: string): Promise<TlsBackend> {
  const module = await importModule(name, path);
  if (typeof module.createBackend !== 'function') {
    throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `${path} exports no createBackend`);
  }
  try {
    return checkBackend(await module.createBackend(), name);
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

/**
 * Refuses a backend of another version of the contract.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE`
 */
export function checkBackend(backend: TlsBackend, what = 'the given backend'): TlsBackend {
  const version = propertyOf(backend, 'interfaceVersion');
  if (version === interfaceVersion) return backend;
  throw new TlsError(
    'ERR_TLS_BACKEND_UNAVAILABLE',
    `${what} implements version ${String(version)} of the interface, this is version ${interfaceVersion}`,
  );
}
