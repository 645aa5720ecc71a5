/** What an extension of a ClientHello is made of: its type and its body. */
export type HelloExtension = readonly [type: number, body: Uint8Array];

/** A vector behind its length of so many bytes (RFC 8446 §3.4). */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concatenated(parts);
  const length = new Uint8Array(lengthBytes);
  for (let index = 0; index < lengthBytes; index += 1) length[index] = body.length >>> (8 * (lengthBytes - 1 - index));
  return concatenated([length, body]);
}

/** Big-endian numbers of two bytes. */
export function uint16s(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number >>> 8, number & 0xff]));
}

/** What every ClientHello of TLS 1.3 needs (RFC 8446 §9.2): versions, groups, schemes and a share of x25519. */
export const commonExtensions: readonly HelloExtension[] = [
  [43, vector(1, uint16s(0x0304))],
  [10, vector(2, uint16s(0x001d))],
  [13, vector(2, uint16s(0x0403, 0x0804))],
  [51, vector(2, uint16s(0x001d), vector(2, new Uint8Array(32).fill(9)))],
];

/** A ClientHello in its records. */
export function clientHelloRecords(extensions: readonly HelloExtension[]): Uint8Array {
  const list = extensions.map(([type, body]) => concatenated([uint16s(type), vector(2, body)]));
  const body = concatenated([
    uint16s(0x0303),
    new Uint8Array(32).fill(7),
    vector(1),
    vector(2, uint16s(0x1301)),
    vector(1, Uint8Array.of(0)),
    vector(2, ...list),
  ]);
  const message = concatenated([Uint8Array.of(1), vector(3, body)]);
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += 2 ** 14)
    records.push(Uint8Array.of(22, 3, 1), vector(2, message.subarray(at, at + 2 ** 14)));
  return concatenated(records);
}

/** Puts byte strings behind one another. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
