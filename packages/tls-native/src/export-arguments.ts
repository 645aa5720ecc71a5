/**
 * What keying material is exported for (RFC 8446 §7.5, RFC 5705 §4).
 * @throws RangeError on a label that is no printable ASCII, or a length that HKDF cannot give
 */
export function checkExport(label: string, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32)
    throw new RangeError(`length: expected 1 to 8160, got ${length}`);
  if (!/^[\x20-\x7e]{0,249}$/.test(label))
    throw new RangeError('label: expected at most 249 characters of printable ASCII');
}
