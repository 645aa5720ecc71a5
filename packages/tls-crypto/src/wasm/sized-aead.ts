import { aeadNonceLength, aeadTagLength, spanPlaceLength, type Aead, type AeadSpan } from '../provider.ts';
import { paddedLength, type RecordPlaces, type WasmAead } from './aead.ts';

/**
 * An AEAD that seals and opens short records in WebAssembly and leaves longer ones to another. Both have the same key, and give the same
 * bytes.
 */
export class SizedAead implements Aead {
  readonly #short: WasmAead;
  readonly #limit: number;
  readonly #makeLong: () => Aead;
  #long: Aead | undefined;

  /**
   * @param limit the longest record for `short`, in bytes, with its padded additional data and its tag; at most what fits into the module
   * @param makeLong makes the other one, when the first longer record comes
   */
  constructor(short: WasmAead, limit: number, makeLong: () => Aead) {
    this.#short = short;
    this.#limit = Math.min(limit, short.limit);
    this.#makeLong = makeLong;
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    const aead = this.#isShort(additionalData.length, out.length) ? this.#short : this.#longOne();
    aead.seal(nonce, additionalData, plaintext, out);
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean {
    const aead = this.#isShort(additionalData.length, ciphertext.length) ? this.#short : this.#longOne();
    return aead.open(nonce, additionalData, ciphertext, out);
  }

  sealRecords(span: AeadSpan): void {
    for (let index = 0; index < span.count; index += 1) {
      const places = placesOf(span, index);
      if (this.#isShort(places.additionalLength, places.inputLength + aeadTagLength)) this.#short.sealAt(span, places);
      else this.#sealLong(span, places);
    }
  }

  openRecords(span: AeadSpan): number {
    for (let index = 0; index < span.count; index += 1) {
      const places = placesOf(span, index);
      const isOpened = this.#isShort(places.additionalLength, places.inputLength)
        ? this.#short.openAt(span, places)
        : this.#openLong(span, places);
      if (!isOpened) return index;
      const length = places.inputLength - aeadTagLength;
      span.lastBytes[index] = length === 0 ? 0 : (span.output[places.output + length - 1] ?? 0);
    }
    return span.count;
  }

  #isShort(additionalLength: number, sealedLength: number): boolean {
    return paddedLength(additionalLength) + sealedLength <= this.#limit;
  }

  #longOne(): Aead {
    this.#long ??= this.#makeLong();
    return this.#long;
  }

  #sealLong(span: AeadSpan, places: RecordPlaces): void {
    const { nonce, additionalData, input } = partsOf(span, places);
    const out = span.output.subarray(places.output, places.output + places.inputLength + aeadTagLength);
    this.#longOne().seal(nonce, additionalData, input, out);
  }

  #openLong(span: AeadSpan, places: RecordPlaces): boolean {
    const { nonce, additionalData, input } = partsOf(span, places);
    const out = span.output.subarray(places.output, places.output + places.inputLength - aeadTagLength);
    const isOpened = this.#longOne().open(nonce, additionalData, input, out);
    if (!isOpened) out.fill(0);
    return isOpened;
  }
}

function placesOf({ places }: AeadSpan, index: number): RecordPlaces {
  const at = index * spanPlaceLength;
  return {
    nonce: index * aeadNonceLength,
    additionalData: places[at] ?? 0,
    additionalLength: places[at + 1] ?? 0,
    input: places[at + 2] ?? 0,
    inputLength: places[at + 3] ?? 0,
    output: places[at + 4] ?? 0,
  };
}

function partsOf(
  span: AeadSpan,
  places: RecordPlaces,
): Pick<AeadSpan, 'additionalData' | 'input'> & { nonce: Uint8Array } {
  return {
    nonce: span.nonces.subarray(places.nonce, places.nonce + aeadNonceLength),
    additionalData: span.additionalData.subarray(
      places.additionalData,
      places.additionalData + places.additionalLength,
    ),
    input: span.input.subarray(places.input, places.input + places.inputLength),
  };
}
