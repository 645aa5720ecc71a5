/** Byte strings that are no secret: stops at the first difference. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

/** Byte strings of which one is a secret: the time tells only their lengths. */
export function equalSecret(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  return difference === 0;
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}

const hexDigits = '0123456789abcdef';

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${hexDigits[byte >> 4]}${hexDigits[byte & 15]}`;
  return text;
}

/** A copy. `slice` would not do: on a Buffer it gives a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Text of ASCII characters only. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** One character a byte: a key for maps. */
export function binaryString(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 4096)
    // unlike spreading, this makes no object for each byte
    text += String.fromCharCode.apply(undefined, bytes.subarray(from, from + 4096) as unknown as number[]);
  return text;
}
