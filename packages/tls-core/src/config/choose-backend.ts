import { isAbsolute } from 'node:path';
import { interfaceVersion, type TlsBackend } from '../backend.ts';
import { wrongType } from '../option-error.ts';
import { ownOptions, propertyOf } from '../own-options.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import { backendNames, isBackendName, type BackendChoice, type Choice } from './backend-choice.ts';
import { choiceOfFile } from './config-file.ts';
import { pathOfPackage } from './installed-package.ts';
import { checkCryptoName, entryOfProvider, type CryptoName, type WithCrypto } from './crypto-choice.ts';

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
  /**
   * Chooses the backend `pure`, and the crypto provider that it works with: `native` (of `@org/tls-native`), `node` or `noble`. Default: the
   * backend's own.
   */
  readonly crypto?: CryptoName | undefined;
}

/** What was chosen, and from where packages are resolved. */
interface ChosenBackend {
  /** A backend, or the name of one. */
  readonly chosen: TlsBackend | string;
  /** The crypto provider of the backend `pure`; `undefined` for its own. */
  readonly crypto: CryptoName | undefined;
  readonly bases: readonly string[];
}

/**
 * Says which backend is meant, without loading it.
 * @param asking the module that looks for it
 * @throws TypeError, TlsError what `resolveBackend` throws about a choice
 */
export function chooseBackend(choice: BackendChoice | undefined, where: WhereToLook, asking: string): ChosenBackend {
  const { cwd, from, env = process.env, crypto } = ownOptions(where, ['cwd', 'from', 'env', 'crypto']);
  const bases = from === undefined ? [asking] : [from, asking];
  const given: Choice = { backend: choice, crypto: checkCryptoName(crypto) };
  // Both are taken from one place: a provider that a file names is for the backend that the file names.
  const said = [() => given, () => fromEnvironment(env), () => choiceOfFile(cwd ?? process.cwd())];
  const found = firstThatSays(said);
  return { ...checkChoice(found), bases };
}

function firstThatSays(places: readonly (() => Choice)[]): Choice {
  for (const say of places) {
    const choice = say();
    if (choice.backend !== undefined || choice.crypto !== undefined) return choice;
  }
  return { backend: 'auto', crypto: undefined };
}

/** Only the backend `pure` has crypto providers, so that one chooses it. */
function checkChoice({ backend, crypto }: Choice): Omit<ChosenBackend, 'bases'> {
  const chosen = backend === undefined ? 'pure' : backend;
  if (crypto !== undefined && chosen !== 'pure')
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `crypto: ${crypto} is a provider for the backend pure, which ${typeof chosen === 'string' ? chosen : 'the given one'} is not`,
      { option: 'crypto' },
    );
  if (typeof chosen === 'object' && chosen !== null) return { chosen: checkBackend(chosen as TlsBackend), crypto };
  if (typeof chosen !== 'string') throw wrongType('backend', 'a backend or a name', chosen);
  return { chosen, crypto };
}

/**
 * Reads `TLS_BACKEND` and `TLS_CRYPTO`. Empty means not set. The name of a package is refused, since whoever sets it cannot say from where to
 * resolve it.
 */
function fromEnvironment(env: NonNullable<WhereToLook['env']>): Choice {
  const backend = variable(env, 'TLS_BACKEND');
  const crypto = checkCryptoName(variable(env, 'TLS_CRYPTO'), 'TLS_CRYPTO');
  if (backend === undefined || isBackendName(backend) || isAbsolute(backend)) return { backend, crypto };
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `TLS_BACKEND: expected one of ${backendNames.join(', ')} or an absolute path, got ${backend}`,
    { option: 'backend' },
  );
}

function variable(env: NonNullable<WhereToLook['env']>, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === '' ? undefined : value;
}

/** The order in which backends are tried where none was named. */
export function platformOrder(): readonly string[] {
  return process.platform === 'darwin' ? ['pure', 'native'] : ['native', 'pure'];
}

/**
 * Keeps why a backend cannot be had, so that the next may be tried.
 * @throws any other error
 */
export function unavailability(error: unknown): TlsError {
  if (isTlsError(error) && error.code === 'ERR_TLS_BACKEND_UNAVAILABLE') return error;
  throw error;
}

/** The error of whoever asks for any backend where none loads. */
export function nothingLoads(failures: readonly TlsError[]): TlsError {
  const reasons = failures.map(({ message }) => message).join('; ');
  return new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `no TLS backend can be had: ${reasons}`, {
    cause: new AggregateError(failures, 'no backend loads'),
  });
}

const packageByName = { pure: '@org/tls-pure', native: '@org/tls-native' } as const;

/**
 * Finds the file of a backend's package.
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when it is not installed, `ERR_TLS_CONFIG` on a relative path
 */
export function pathOfBackend(name: string, bases: readonly string[]): string {
  return resolvePackage(name === 'pure' || name === 'native' ? packageByName[name] : name, bases);
}

/**
 * Finds the file of a crypto provider's entry.
 * @param backend the file of the backend, which has the providers of tls-crypto among its dependencies
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` when its package is not installed
 */
export function pathOfProvider(crypto: CryptoName, bases: readonly string[], backend: string): string {
  return resolvePackage(entryOfProvider(crypto), [...bases, backend]);
}

function resolvePackage(specifier: string, bases: readonly string[]): string {
  // a relative path would mean another file to each module that resolves it
  if (specifier.startsWith('.'))
    throw new TlsError('ERR_TLS_CONFIG', `backend: expected a package or an absolute path, got ${specifier}`, {
      option: 'backend',
    });
  try {
    return pathOfPackage(specifier, bases);
  } catch (cause) {
    throw new TlsError(
      'ERR_TLS_BACKEND_UNAVAILABLE',
      `the package ${specifier} cannot be found (${hintFor(specifier)})`,
      { cause },
    );
  }
}

/** A name that was misspelt is no package to install. */
function hintFor(specifier: string): string {
  const [ours] = /^@org\/[a-z-]+/.exec(specifier) ?? [];
  const advice = ours === undefined ? 'the names without a package are pure, native and auto' : `npm install ${ours}`;
  return `${advice}; where packages do not see each other, pass \`from: import.meta.url\`, in a bundle its createBackend()`;
}

/**
 * The error of a module that cannot be loaded.
 * @param what what is in it
 */
export function cannotLoad(what: string, path: string, cause: unknown): TlsError {
  if (isTlsError(cause)) return cause;
  const [reason = ''] = cause instanceof Error ? cause.message.split('\n') : [];
  const message = `the ${what} cannot be loaded from ${path}: ${reason}`;
  return new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', message, { cause });
}

export function cannotMake(name: string, cause: unknown): TlsError {
  if (isTlsError(cause)) return cause;
  return new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the backend ${name} cannot be made`, { cause });
}

/** What a backend's package exports. */
export interface BackendModule<Made> {
  readonly createBackend: (options?: WithCrypto) => Made;
}

/** @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` where a module is no backend's */
export function checkModule<Made>(module: Partial<BackendModule<Made>>, path: string): BackendModule<Made> {
  const { createBackend } = module;
  if (typeof createBackend === 'function') return { createBackend };
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `${path} exports no createBackend`);
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
