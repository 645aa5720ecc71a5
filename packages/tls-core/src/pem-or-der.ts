import { certificatesInPem, looksLikePem } from './pem.ts';

/**
 * Reads a file's contents, as a program that did not name an encoding has them: PEM becomes text, DER is copied. Text comes without a byte order mark.
 */
export function pemOrDer(contents: string | Uint8Array): string | Uint8Array {
  if (typeof contents === 'string') return contents.startsWith(byteOrderMark) ? contents.slice(1) : contents;
  // All DER that is meant here is a SEQUENCE, which no text begins with.
  if (contents[0] === sequenceTag) return new Uint8Array(contents);
  const text = new TextDecoder(isUtf16(contents) ? 'utf-16le' : 'utf-8').decode(contents);
  return looksLikePem(text) ? text : new Uint8Array(contents);
}

/**
 * Reads the certificates of an identity, each as PEM or DER.
 * @throws TlsError `ERR_TLS_IDENTITY` on bad PEM
 */
export function certificatesIn(contents: Uint8Array): readonly Uint8Array[] {
  const read = pemOrDer(contents);
  return typeof read === 'string' ? certificatesInPem(read, 'identity') : [read];
}

const byteOrderMark = '\uFEFF';
const sequenceTag = 0x30;

/** Tells whether a file begins with the byte order mark of UTF-16, as some editors and shells of Windows write it. */
function isUtf16([first, second]: Uint8Array): boolean {
  return first === 0xff && second === 0xfe;
}
