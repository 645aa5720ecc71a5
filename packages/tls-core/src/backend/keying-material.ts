import { TlsError } from '../tls-error.ts';

/** `tls13 ` stands before each label of TLS 1.3, and both together have a length of one byte (RFC 8446 §7.1). */
const maxLabelLength = 249;

/**
 * Checks what the owner of a connection asks of an exporter (RFC 8446 §7.5, RFC 5705 §4).
 * @param hashLength bytes of the hash that the material comes from: it gives at most 255 times as many (RFC 5869 §2.3)
 * @throws RangeError when the label is not at most 249 characters of printable ASCII, or the length not 1 to 255 times the hash's
 */
export function checkExport(label: string, length: number, hashLength: number): void {
  const maxLength = 255 * hashLength;
  if (!Number.isInteger(length) || length < 1 || length > maxLength)
    throw new RangeError(`length: expected 1 to ${maxLength}, got ${length}`);
  if (label.length > maxLabelLength || !/^[\x20-\x7e]*$/.test(label))
    throw new RangeError(`label: expected at most ${maxLabelLength} characters of printable ASCII`);
}

/**
 * Refuses to export where two connections can be made to have the same keys (RFC 7627 §5.4).
 * @throws TlsError `ERR_TLS_API_MISUSE` when the connection has no extended main secret; TLS 1.3 always has one
 */
export function checkExtendedMainSecret(isExtended: boolean): void {
  if (!isExtended)
    throw new TlsError('ERR_TLS_API_MISUSE', 'without extended_master_secret no keying material is exported');
}
