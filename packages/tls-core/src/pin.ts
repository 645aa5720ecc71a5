import { TlsError } from './tls-error.ts';

/**
 * What one of the certificates of the peer's verified path must be, by a SHA-256: of the whole certificate (what OpenSSL and Node call its
 * fingerprint), or of its SubjectPublicKeyInfo, which outlives renewals (RFC 7469 §2.4). 32 bytes, or text: 64 hexadecimal digits, with or
 * without colons, or Base64.
 */
export type Pin =
  | { readonly certificateSha256: string | Uint8Array; readonly publicKeySha256?: never }
  | { readonly publicKeySha256: string | Uint8Array; readonly certificateSha256?: never };

/** A configuration's pins as digests of 32 bytes. */
export interface PinDigests {
  readonly certificates: readonly Uint8Array[];
  readonly publicKeys: readonly Uint8Array[];
}

/** @throws TlsError `ERR_TLS_CONFIG` on what is no SHA-256 */
export function readPins(pins: readonly Pin[]): PinDigests {
  const digests = (name: 'certificateSha256' | 'publicKeySha256'): readonly Uint8Array[] =>
    pins.flatMap(({ [name]: digest }) => (digest === undefined ? [] : [decodePinDigest(digest)]));
  return { certificates: digests('certificateSha256'), publicKeys: digests('publicKeySha256') };
}

/**
 * Whether a certificate or its key is pinned.
 * @param certificate the SHA-256 of its DER and of its SubjectPublicKeyInfo; what is `undefined` is not looked for
 */
export function isPinned(
  { certificates, publicKeys }: PinDigests,
  certificate: { readonly certificateSha256: Uint8Array | undefined; readonly publicKeySha256: Uint8Array | undefined },
): boolean {
  return isAmong(certificates, certificate.certificateSha256) || isAmong(publicKeys, certificate.publicKeySha256);
}

function isAmong(digests: readonly Uint8Array[], wanted: Uint8Array | undefined): boolean {
  return digests.some((digest) => digest.every((byte, index) => byte === wanted?.[index]));
}

/**
 * The 32 bytes of a pin's digest.
 * @throws TlsError `ERR_TLS_CONFIG` when it is anything else
 */
export function decodePinDigest(digest: string | Uint8Array): Uint8Array {
  const bytes = typeof digest === 'string' ? fromText(digest) : new Uint8Array(digest);
  if (bytes?.length === 32) return bytes;
  throw new TlsError(
    'ERR_TLS_CONFIG',
    'pins: expected a SHA-256 as 32 bytes, 64 hexadecimal digits or 44 characters of Base64',
    { option: 'pins' },
  );
}

function fromText(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(':', '');
  if (/^[\da-f]{64}$/iu.test(digits))
    return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
  if (!/^[A-Za-z\d+/]{43}=$/u.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
