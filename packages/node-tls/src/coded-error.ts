import { inspect } from 'node:util';

/** An error as Node's own modules throw it: programs tell errors by their `code`. */
export type CodedError = Error & { readonly code: string };

/** Makes an error with a code, of Node's class for it. */
export function codedError(code: string, message: string, Kind: ErrorConstructor = Error): CodedError {
  const error = Object.assign(new Kind(message), { code });
  // Node shows the code in the stack's first line, where people look
  if (error.stack !== undefined) error.stack = error.stack.replace(`${error.name}: `, `${error.name} [${code}]: `);
  return error;
}

/**
 * Makes the error of an argument or option of the wrong type.
 * @param what e.g. `"options.handshakeTimeout" property`
 * @param expected e.g. `of type number`
 */
export function wrongType(what: string, expected: string, got: unknown): CodedError {
  return codedError('ERR_INVALID_ARG_TYPE', `The ${what} must be ${expected}. Received ${kindOf(got)}`, TypeError);
}

/** Makes the error of whoever asks for what no backend of this project can do. */
export function refused(what: string, reason: string): CodedError {
  return codedError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `${what} is not available: ${reason}`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return value.name === '' ? 'function ' : `function ${value.name}`;
  if (typeof value === 'object') {
    const { name } = (value.constructor as { readonly name?: string } | undefined) ?? {};
    return name === undefined || name === '' ? inspect(value, { depth: -1 }) : `an instance of ${name}`;
  }
  const shown = inspect(value, { colors: false });
  return `type ${typeof value} (${shown.length > 28 ? `${shown.slice(0, 25)}...` : shown})`;
}
