import { TlsError } from '../tls-error.ts';

const firstContentType = 20; // change_cipher_spec
const lastContentType = 23; // application_data
const majorVersion = 3;

/**
 * What is wrong with the first bytes of a connection, which should be a record's header (RFC 8446 §5.1). Two bytes tell a record of a
 * type that is not defined (RFC 8446 §5) from what is no TLS at all; one byte alone decides nothing, so that it does not matter how the
 * bytes are cut.
 * @param start what has come of the header; a longer input is looked at no further
 * @returns `ERR_TLS_NOT_TLS`, `ERR_TLS_UNEXPECTED_MESSAGE`, or `undefined`: nothing, as far as can be seen yet
 */
export function faultOfFirstRecord(start: Uint8Array): TlsError | undefined {
  const [type = 0, major] = start;
  if (major === undefined) return undefined;
  if (major !== majorVersion)
    return new TlsError('ERR_TLS_NOT_TLS', `the peer does not speak TLS: ${describe(start.subarray(0, shownLength))}`);
  if (isContentType(type)) return undefined;
  return new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `a record of the undefined content type ${type} (§5)`);
}

/** Whether a record may be of this type (RFC 8446 §5.1). */
export function isContentType(type: number): boolean {
  return type >= firstContentType && type <= lastContentType;
}

const shownLength = 5;

/** The peer's first bytes, made harmless for an error message. */
function describe(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes);
  return /^[\x20-\x7e]+$/.test(text) ? `its first bytes are ${JSON.stringify(text)}` : `its first byte is ${bytes[0]}`;
}
