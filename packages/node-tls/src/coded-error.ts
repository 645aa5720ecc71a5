/** An error as Node's own modules throw it: programs tell errors by their `code`. */
export type CodedError = Error & { readonly code: string };

/** Makes an error with a code, of Node's class for it. */
export function codedError(code: string, message: string, Kind: ErrorConstructor = Error): CodedError {
  return Object.assign(new Kind(message), { code });
}

/** Makes the error of whoever asks for what no backend of this project can do. */
export function refused(what: string, reason: string): CodedError {
  return codedError('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `${what} is not available: ${reason}`);
}
