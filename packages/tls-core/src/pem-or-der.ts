import { certificatesInPem, looksLikePem } from './pem.ts';

/**
 * Reads a file's contents, as a program that did not name an encoding has them: PEM becomes text, DER is copied. Text comes without a byte order mark.
 */
export function pemOrDer(contents: string | Uint8Array): string | Uint8Array {
  if (typeof contents === 'string') return contents.startsWith(byteOrderMark) ? contents.slice(1) : contents;
  // All DER that is meant here is a SEQUENCE, which no text begins with.
  if (contents[0] === sequenceTag) return new Uint8Array(contents);
  const text = textIn(contents);
  return looksLikePem(text) ? text : new Uint8Array(contents);
}

/** Gives the text of a file, without a byte order mark. What is no text gets U+FFFD, as explanations in an old encoding do. */
export function textIn(contents: Uint8Array): string {
  return new TextDecoder(encodingOf(contents)).decode(contents);
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

/** Gives the encoding of a file. Some editors and shells of Windows write UTF-16, behind its byte order mark. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
