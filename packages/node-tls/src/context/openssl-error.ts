/** The libraries within OpenSSL that errors here are of, by the number that stands in an error's code. */
const libraries = { 'SSL routines': 20, 'PEM routines': 9, 'x509 certificate routines': 11 } as const;

/** An error in the form that Node gives OpenSSL's. */
export interface OpenSslError extends Error {
  readonly code: string;
  readonly library: string;
  readonly reason: string;
}

interface OpenSslReason {
  readonly library?: keyof typeof libraries;
  /** OpenSSL's number of the reason within the library. */
  readonly number: number;
  /** OpenSSL's words, of which Node makes the code. */
  readonly reason: string;
  /** What OpenSSL appends to the line, e.g. `SSL alert number 48`. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * Makes an error as Node makes it of one of OpenSSL's: `code` from the reason, and a line with the packed number (library, then reason).
 * OpenSSL's function and source line, which change with every version, are not in it.
 */
export function openSslError(given: OpenSslReason): OpenSslError {
  const { library = 'SSL routines', number, reason, detail = '', cause } = given;
  const packed = ((libraries[library] << 23) | number).toString(16).toUpperCase().padStart(8, '0');
  const message = `error:${packed}:${library}::${reason}${detail === '' ? '' : `:${detail}`}`;
  const prefix = library === 'SSL routines' ? 'ERR_SSL' : 'ERR_OSSL';
  const code = `${prefix}_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { library, reason, code });
}
