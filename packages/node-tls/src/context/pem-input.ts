/** A file with PEM text, as Node takes it. */
export type PemInput = string | NodeJS.ArrayBufferView;

/** The text of a file; other bytes than text are found not to be PEM later. */
export function pemText(input: PemInput): string {
  return typeof input === 'string' ? input : bytesOf(input).toString('latin1');
}

/** The bytes of a file in binary form. */
export function bytesOf(input: PemInput): Buffer {
  return typeof input === 'string' ? Buffer.from(input) : Buffer.from(input.buffer, input.byteOffset, input.byteLength);
}

/** Makes a list of what may be one thing, a list of things, or nothing, which Node takes any false value for. */
export function listOf<T>(value: T | readonly T[] | null | undefined): readonly NonNullable<T>[] {
  const list = Array.isArray(value) ? (value as readonly T[]) : [value as T];
  return list.filter((each): each is NonNullable<T> => Boolean(each));
}

/** The first block of PEM text that is a private key, with its headers; `undefined`: there is none. */
export function privateKeyBlock(text: string): string | undefined {
  return /-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----[^]*?-----END \1-----/u.exec(text)?.[0];
}

const certificateBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^]*?)-----END (?:X509 |TRUSTED )?CERTIFICATE-----/gu;

/** The certificates in PEM text, in DER and in the order of the text. What stands between them is not looked at, as OpenSSL does it. */
export function certificateBlocks(text: string): readonly Buffer[] {
  return [...text.matchAll(certificateBlock)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
}

/** The blocks of PEM text that hold a revocation list, in DER. */
export function revocationListBlocks(text: string): readonly Buffer[] {
  return [...text.matchAll(/-----BEGIN X509 CRL-----([^]*?)-----END X509 CRL-----/gu)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64'),
  );
}
