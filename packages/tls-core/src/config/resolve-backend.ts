import { pathToFileURL } from 'node:url';
import type { TlsBackend } from '../backend.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { TlsError } from '../tls-error.ts';
import type { BackendChoice } from './backend-choice.ts';
import {
  cannotLoad,
  cannotMake,
  checkBackend,
  checkModule,
  chooseBackend,
  nothingLoads,
  pathOfBackend,
  pathOfProvider,
  platformOrder,
  unavailability,
  type BackendModule,
  type WhereToLook,
} from './choose-backend.ts';
import { providerOf, type CryptoName, type WithCrypto } from './crypto-choice.ts';

/**
 * Finds the backend. The call chooses it, else the environment's `TLS_BACKEND` and `TLS_CRYPTO`, else the configuration file. Where none of
 * them does, it is the first that loads in the platform's order (`native`, `pure`; on macOS `pure`, `native`). One that was named is never
 * replaced by another, and neither is a crypto provider.
 * @param choice a backend, a name (`pure`, `native`, `auto`), or a package or absolute path of a module that exports `createBackend`. The
 *   environment can choose a name or an absolute path, and a file only a name.
 * @throws TypeError on an unknown option, or a choice that is none
 * @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` with the reason, `ERR_TLS_CONFIG` on a file or a variable that cannot be used
 */
export async function resolveBackend(choice?: BackendChoice, where: WhereToLook = {}): Promise<TlsBackend> {
  const { chosen, crypto, bases } = chooseBackend(choice, where, import.meta.url);
  if (typeof chosen !== 'string') return chosen;
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, crypto, bases);
}

async function firstThatLoads(bases: readonly string[]): Promise<TlsBackend> {
  const failures: TlsError[] = [];
  for (const name of platformOrder()) {
    try {
      // the next is tried only where the first cannot be had
      // oxlint-disable-next-line no-await-in-loop
      return await load(name, undefined, bases);
    } catch (error) {
      failures.push(unavailability(error));
    }
  }
  throw nothingLoads(failures);
}

/** Holds backends by the file that they came from and the provider that they were given, so that each is made once. */
const loaded = new Map<string, Promise<TlsBackend>>();

async function load(name: string, crypto: CryptoName | undefined, bases: readonly string[]): Promise<TlsBackend> {
  const path = pathOfBackend(name, bases);
  const key = JSON.stringify([path, crypto]);
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const pending = importBackend(name, path, crypto && { crypto, path: pathOfProvider(crypto, bases, path) });
  loaded.set(key, pending);
  try {
    return await pending;
  } catch (error) {
    loaded.delete(key);
    throw error;
  }
}

interface ProviderFile {
  readonly crypto: CryptoName;
  readonly path: string;
}

async function importBackend(name: string, path: string, provider: ProviderFile | undefined): Promise<TlsBackend> {
  const { createBackend } = checkModule<MaybePromise<TlsBackend>>(await importModule(`backend ${name}`, path), path);
  const options = provider === undefined ? undefined : await importProvider(provider);
  try {
    return checkBackend(await createBackend(options), name);
  } catch (cause) {
    throw cannotMake(name, cause);
  }
}

async function importProvider({ crypto, path }: ProviderFile): Promise<WithCrypto> {
  return { crypto: providerOf(await importModule(`crypto provider ${crypto}`, path), crypto, path) };
}

async function importModule(
  what: string,
  path: string,
): Promise<Partial<BackendModule<MaybePromise<TlsBackend>>> & Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw cannotLoad(what, path, cause);
  }
}
