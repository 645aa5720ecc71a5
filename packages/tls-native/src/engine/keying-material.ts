import { TlsError } from '@org/tls-core';
import type { Facts } from '../border/addon.ts';

/** @throws RangeError on a label or a length that no exporter takes */
export function checkExport(label: string, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32)
    throw new RangeError(`length: expected 1 to 8160, got ${length}`);
  if (!/^[\x20-\x7e]{0,249}$/.test(label))
    throw new RangeError('label: expected at most 249 characters of printable ASCII');
}

/**
 * RFC 7627 §5.4: without extended_master_secret two connections can be made to have the same.
 * @throws TlsError `ERR_TLS_API_MISUSE`
 */
export function checkExtended({ version, hasExtendedMainSecret }: Facts): void {
  if (version === tls12 && !hasExtendedMainSecret)
    throw new TlsError('ERR_TLS_API_MISUSE', 'without extended_master_secret no keying material is exported');
}

const tls12 = 0x0303;
