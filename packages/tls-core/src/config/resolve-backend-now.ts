import { createRequire } from 'node:module';
import type { TlsBackend } from '../backend.ts';
import { isPromiseLike, type MaybePromise } from '../maybe-promise.ts';
import { TlsError } from '../tls-error.ts';
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
 * Finds the backend as `resolveBackend` does, at once: for interfaces that are synchronous, as `node:tls` is. A backend that is made
 * asynchronously cannot be had this way.
 * @throws TypeError, TlsError what `resolveBackend` rejects with
 */
export function resolveBackendNow(choice?: BackendChoice, where: WhereToLook = {}): TlsBackend {
  const { chosen, crypto, bases } = chooseBackend(choice, where, import.meta.url);
  if (typeof chosen !== 'string') return chosen;
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, crypto, bases);
}

function firstThatLoads(bases: readonly string[]): TlsBackend {
  const failures: TlsError[] = [];
  for (const name of platformOrder()) {
    try {
      return load(name, undefined, bases);
    } catch (error) {
      failures.push(unavailability(error));
    }
  }
  throw nothingLoads(failures);
}

/** Holds backends by the file that they came from and the provider that they were given, so that each is made once. */
const loaded = new Map<string, TlsBackend>();

function load(name: string, crypto: CryptoName | undefined, bases: readonly string[]): TlsBackend {
  const path = pathOfBackend(name, bases);
  const key = JSON.stringify([path, crypto]);
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const options = crypto === undefined ? undefined : requireProvider(crypto, pathOfProvider(crypto, bases, path));
  const backend = requireBackend(name, path, options);
  loaded.set(key, backend);
  return backend;
}

function requireBackend(name: string, path: string, options: WithCrypto | undefined): TlsBackend {
  const { createBackend } = checkModule<MaybePromise<TlsBackend>>(requireModule(`backend ${name}`, path), path);
  let made: MaybePromise<TlsBackend>;
  try {
    made = createBackend(options);
  } catch (cause) {
    throw cannotMake(name, cause);
  }
  if (!isPromiseLike(made)) return checkBackend(made, name);
  made.then(undefined, () => undefined); // nobody waits for it
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the backend ${name} is made asynchronously; give it as a value`);
}

function requireProvider(crypto: CryptoName, path: string): WithCrypto {
  return { crypto: providerOf(requireModule(`crypto provider ${crypto}`, path), crypto, path) };
}

function requireModule(
  what: string,
  path: string,
): Partial<BackendModule<MaybePromise<TlsBackend>>> & Readonly<Record<string, unknown>> {
  try {
    return createRequire(import.meta.url)(path) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw cannotLoad(what, path, cause);
  }
}
