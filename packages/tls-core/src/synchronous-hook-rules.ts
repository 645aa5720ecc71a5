import { askHookNow } from './hook-answer.ts';
import { wrongType } from './option-error.ts';
import { callback } from './option-rule.ts';
import { propertyOf } from './own-options.ts';
import type { RevocationListSource } from './revocation.ts';
import { TlsError } from './tls-error.ts';

/**
 * Gives the hook with its answer checked each time, since comparisons with a time that is no number are all false, and every certificate
 * would be valid. What a finer clock gives is rounded down to whole milliseconds.
 */
export function clock(value: unknown, option: string): () => number {
  const hook: () => unknown = callback(value, option);
  return () => Math.floor(askHookNow('clock', () => hook()));
}

/** Gives the hook with a check that it has filled the buffer. */
export function random(value: unknown, option: string): (into: Uint8Array) => void {
  const hook: (into: Uint8Array) => unknown = callback(value, option);
  return (into) => {
    askHookNow('random', () => hook(into));
    if (into.length >= tellingLength && into.every((byte) => byte === 0))
      throw new TlsError('ERR_TLS_HOOK', 'the hook `random`: expected that it fills the buffer, got nothing but zeros');
  };
}

/** So many random bytes are all zero once in 2^128 times. Where they are, the hook returned its bytes or filled another buffer. */
const tellingLength = 16;

/** Gives the hook with its answer checked each time. */
export function isPublicSuffix(value: unknown, option: string): (domain: string) => boolean {
  const hook: (domain: string) => unknown = callback(value, option);
  return (domain) => askHookNow('isPublicSuffix', () => hook(domain));
}

/** Gives the source with its answer checked each time, and the first time at once. */
export function revocationListSource(value: unknown, option: string): RevocationListSource {
  if (typeof value !== 'object' || value === null || !('current' in value))
    throw wrongType(option, 'an object with `current`', value);
  const source: RevocationListSource = Object.freeze({
    get current() {
      return askHookNow('revocation.lists', () => propertyOf(value, 'current'));
    },
  });
  void source.current;
  return source;
}
