import { wrongType } from './option-error.ts';

/**
 * Takes the secrets of connections, each as a line in NSS key log format (RFC 9850) without its newline. It is called as soon as there is the
 * secret, in the middle of a handshake; what it throws is thrown as what a sink throws.
 */
export type KeyLog = (line: string) => void;

/** Reads the option `keyLog`. */
export function keyLog(value: unknown, option: string): boolean | KeyLog {
  if (typeof value !== 'boolean' && typeof value !== 'function')
    throw wrongType(option, 'a boolean, or a function that takes a line', value);
  return value as boolean | KeyLog;
}
