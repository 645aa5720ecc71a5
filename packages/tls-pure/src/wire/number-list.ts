import { decodeAll, Writer } from '@org/tls-core/backend';

/** The body of an extension that is a list of 16-bit numbers, as `supported_groups` and `signature_algorithms` are. */
export function encodeNumberList(numbers: readonly number[]): Uint8Array {
  return new Writer(2 + 2 * numbers.length)
    .vector16((list) => {
      for (const number of numbers) list.uint16(number);
    })
    .finish();
}

/** @throws TlsError `ERR_TLS_DECODE` on an empty list, too */
export function decodeNumberList(body: Uint8Array, what: string): Uint16Array {
  return decodeAll(body, what, (reader) => reader.numbers16(2));
}
