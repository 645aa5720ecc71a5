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
  platformOrder,
  unavailability,
  type BackendModule,
  type WhereToLook,
} from './choose-backend.ts';

/**
 * Finds the backend as `resolveBackend` does, at once: for interfaces that are synchronous, as `node:tls` is. A backend that is made
 * asynchronously cannot be had this way.
 * @throws TypeError, TlsError what `resolveBackend` rejects with
 */
export function resolveBackendNow(choice?: BackendChoice, where: WhereToLook = {}): TlsBackend {
  const { chosen, bases } = chooseBackend(choice, where, import.meta.url);
  if (typeof chosen !== 'string') return chosen;
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, bases);
}

function firstThatLoads(bases: readonly string[]): TlsBackend {
  const failures: TlsError[] = [];
  for (const name of platformOrder()) {
    try {
      return load(name, bases);
    } catch (error) {
      failures.push(unavailability(error));
    }
  }
  throw nothingLoads(failures);
}

/** Holds backends by the file that they came from, so that each is made once. */
const loaded = new Map<string, TlsBackend>();

function load(name: string, bases: readonly string[]): TlsBackend {
  const path = pathOfBackend(name, bases);
  const backend = loaded.get(path) ?? requireBackend(name, path);
  loaded.set(path, backend);
  return backend;
}

function requireBackend(name: string, path: string): TlsBackend {
  const { createBackend } = checkModule(requireModule(name, path), path);
  let made: MaybePromise<TlsBackend>;
  try {
    made = createBackend();
  } catch (cause) {
    throw cannotMake(name, cause);
  }
  if (!isPromiseLike(made)) return checkBackend(made, name);
  made.then(undefined, () => undefined); // nobody waits for it
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `the backend ${name} is made asynchronously; give it as a value`);
}

function requireModule(name: string, path: string): Partial<BackendModule<MaybePromise<TlsBackend>>> {
  try {
    return createRequire(import.meta.url)(path) as Partial<BackendModule<MaybePromise<TlsBackend>>>;
  } catch (cause) {
    throw cannotLoad(name, path, cause);
  }
}
