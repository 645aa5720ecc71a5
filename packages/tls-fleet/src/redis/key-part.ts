import { badValue, wrongType } from '@org/tls-core/backend';

/**
 * Reads a name that becomes a part of keys in Redis.
 * @throws TypeError when it is no text; TlsError `ERR_TLS_CONFIG` on other characters than names have, such as those of a hash tag
 */
export function keyPart(value: unknown, option: string): string {
  if (typeof value !== 'string') throw wrongType(option, 'a string', value);
  if (!/^[\w.-]{1,64}$/.test(value)) throw badValue(option, 'expected 1 to 64 letters, digits, `.`, `_` and `-`');
  return value;
}
