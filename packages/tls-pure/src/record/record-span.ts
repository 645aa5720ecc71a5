import { aeadNonceLength, maxSpanRecords, spanPlaceLength, type AeadSpan } from '@org/tls-crypto';
import { ContentType } from '../wire/content-type.ts';
import { fragmentLengthAt, maxCiphertextLength, recordHeaderLength } from './record-reader.ts';

/** Records that are laid out for one call of the provider. */
export class RecordSpan implements AeadSpan {
  readonly nonces = new Uint8Array(maxSpanRecords * aeadNonceLength);
  readonly places = new Int32Array(maxSpanRecords * spanPlaceLength);
  readonly lastBytes = new Uint8Array(maxSpanRecords);
  count = 0;
  additionalData: Uint8Array = nothing;
  input: Uint8Array = nothing;
  output: Uint8Array = nothing;

  /** Begins anew, over these buffers. */
  over(additionalData: Uint8Array, input: Uint8Array, output: Uint8Array): void {
    this.count = 0;
    this.additionalData = additionalData;
    this.input = input;
    this.output = output;
  }

  /** Lets go of the buffers; what `plaintextLengthAt` and `outputAt` tell stays until the next span. */
  release(): void {
    this.additionalData = nothing;
    this.input = nothing;
    this.output = nothing;
  }

  /** Adds a record of which additional data, input and output are at these places; its nonce must be written too. */
  add(dataAt: number, dataLength: number, inputAt: number, inputLength: number, outputAt: number): void {
    const { places } = this;
    const at = this.count * spanPlaceLength;
    places[at] = dataAt;
    places[at + 1] = dataLength;
    places[at + 2] = inputAt;
    places[at + 3] = inputLength;
    places[at + 4] = outputAt;
    this.count += 1;
  }

  /** Bytes that a record's input has, its tag included. */
  inputLength(index: number): number {
    return this.places[index * spanPlaceLength + 3] ?? 0;
  }

  /** Where a record's output begins. */
  outputAt(index: number): number {
    return this.places[index * spanPlaceLength + 4] ?? 0;
  }
}

const nothing = new Uint8Array(0);

/**
 * The one span of all connections: records are laid out, sealed or opened, and read again without anybody else at work meanwhile. It holds no
 * buffer between calls.
 */
export const sharedSpan = new RecordSpan();

/**
 * Whether a record that can be opened together with those before it lies at `at`: whole, of application data by its header, and with a
 * header that is in order. Everything else is judged when its turn comes.
 * @returns the offset behind it; -1: none does
 */
export function endOfFollower(bytes: Uint8Array, at: number, minFragmentLength: number): number {
  if (at + recordHeaderLength > bytes.length) return -1;
  if (bytes[at] !== ContentType.applicationData || bytes[at + 1] !== 3) return -1;
  const length = fragmentLengthAt(bytes, at);
  if (length < minFragmentLength || length > maxCiphertextLength) return -1;
  const end = at + recordHeaderLength + length;
  return end > bytes.length ? -1 : end;
}
