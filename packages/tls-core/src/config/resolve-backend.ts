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
  platformOrder,
  unavailability,
  type BackendModule,
  type WhereToLook,
} from './choose-backend.ts';

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
  const { chosen, bases } = chooseBackend(choice, where, import.meta.url);
  if (typeof chosen !== 'string') return chosen;
  return chosen === 'auto' ? firstThatLoads(bases) : load(chosen, bases);
}

async function firstThatLoads(bases: readonly string[]): Promise<TlsBackend> {
  const failures: TlsError[] = [];
  for (const name of platformOrder()) {
    try {
      // the next is tried only where the first cannot be had
      // oxlint-disable-next-line no-await-in-loop
      return await load(name, bases);
    } catch (error) {
      failures.push(unavailability(error));
    }
  }
  throw nothingLoads(failures);
}

/** Holds backends by the file that they came from, so that each is made once. */
const loaded = new Map<string, Promise<TlsBackend>>();

async function load(name: string, bases: readonly string[]): Promise<TlsBackend> {
  const path = pathOfBackend(name, bases);
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

async function importBackend(name: string, path: string): Promise<TlsBackend> {
  const { createBackend } = checkModule(await importModule(name, path), path);
  try {
    return checkBackend(await createBackend(), name);
  } catch (cause) {
    throw cannotMake(name, cause);
  }
}

async function importModule(name: string, path: string): Promise<Partial<BackendModule<MaybePromise<TlsBackend>>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Partial<BackendModule<MaybePromise<TlsBackend>>>;
  } catch (cause) {
    throw cannotLoad(name, path, cause);
  }
}
