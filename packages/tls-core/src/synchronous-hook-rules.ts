import { askHookNow } from './hook-answer.ts';
import { callback } from './option-rule.ts';
import { TlsError } from './tls-error.ts';

/**
 * The hook, its answer judged each time: comparisons with a time that is no number would all be false, and every certificate valid. Whole
 * milliseconds come of finer clocks.
 */
export function clock(value: unknown, option: string): () => number {
  const hook: () => unknown = callback(value, option);
  return () => Math.floor(askHookNow('clock', () => hook()));
}

/** The hook; what it was to fill must not be as it was. */
export function random(value: unknown, option: string): (into: Uint8Array) => void {
  const hook: (into: Uint8Array) => unknown = callback(value, option);
  return (into) => {
    askHookNow('random', () => hook(into));
    if (into.length >= tellingLength && into.every((byte) => byte === 0))
      throw new TlsError('ERR_TLS_HOOK', 'the hook `random`: expected that it fills the buffer, got nothing but zeros');
  };
}

/** So many bytes are all zero once in 2^128 times: the hook gave other bytes back, or filled another buffer. */
const tellingLength = 16;

/** The hook, its answer judged each time. */
export function isPublicSuffix(value: unknown, option: string): (domain: string) => boolean {
  const hook: (domain: string) => unknown = callback(value, option);
  return (domain) => askHookNow('isPublicSuffix', () => hook(domain));
}
