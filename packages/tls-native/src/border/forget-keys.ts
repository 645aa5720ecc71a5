import { isMainThread } from 'node:worker_threads';
import type { Addon, NativeLibrary } from './addon.ts';

let isRegistered = false;

/**
 * Makes the end of the process remove the private keys that SChannel needs on disk. `process.exit()` on the main thread lets no native handle
 * go; a worker's handles go with the worker.
 */
export function forgetKeysAtExit(addon: Addon, { name }: NativeLibrary): void {
  if (name !== 'schannel' || !isMainThread || isRegistered) return;
  isRegistered = true;
  process.once('exit', () => addon.forgetKeys());
}
