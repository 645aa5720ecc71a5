import { TlsError } from './tls-error.ts';

/** The longest time that Node's timers know. They take more for one millisecond. */
const longestTimeout = 2 ** 31 - 1;

/**
 * Checks a time.
 * @param milliseconds 0 means no limit, and `undefined` the default
 * @throws TypeError unless it is a number, TlsError `ERR_TLS_CONFIG` unless a timer can wait as long
 */
export function checkTimeout(option: string, milliseconds: number | undefined): void {
  if (milliseconds === undefined) return;
  if (typeof milliseconds !== 'number') throw new TypeError(`${option}: expected a number, got ${typeof milliseconds}`);
  if (!(milliseconds >= 0 && milliseconds <= longestTimeout)) {
    throw new TlsError('ERR_TLS_CONFIG', `${option}: expected 0 to ${longestTimeout} ms, got ${milliseconds}`, {
      option,
    });
  }
}

/** @throws TypeError unless it is an AbortSignal, or `undefined` */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal.addEventListener !== 'function')
    throw new TypeError('signal: expected an AbortSignal');
}

/** @throws TypeError unless it is bytes, or `undefined` */
export function checkBytes(option: string, bytes: Uint8Array | undefined): void {
  if (bytes !== undefined && !(bytes instanceof Uint8Array)) throw new TypeError(`${option}: expected a Uint8Array`);
}

/** @throws TypeError unless it is a number, TlsError `ERR_TLS_CONFIG` unless it is a number of bytes from 0 on, or `undefined` */
export function checkSize(option: string, bytes: number | undefined): void {
  if (bytes === undefined) return;
  if (typeof bytes !== 'number') throw new TypeError(`${option}: expected a number, got ${typeof bytes}`);
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new TlsError('ERR_TLS_CONFIG', `${option}: expected a number of bytes, got ${bytes}`, { option });
}

/** @throws TypeError unless it is a boolean, or `undefined` */
export function checkOptionalFlag(option: string, flag: unknown): void {
  if (flag !== undefined) checkFlag(option, flag);
}

/** @throws TypeError unless it is a boolean */
export function checkFlag(option: string, flag: unknown): void {
  if (typeof flag !== 'boolean') throw new TypeError(`${option}: expected a boolean, got ${typeof flag}`);
}
