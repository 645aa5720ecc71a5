import { aeadNonceLength, aeadTagLength, spanPlaceLength, type Aead, type AeadSpan } from '../provider.ts';

/** Seals the records of a span: by the provider in one call where it can, and else one by one. */
export function sealSpan(aead: Aead, span: AeadSpan): void {
  if (aead.sealRecords === undefined) sealRecordByRecord(aead, span);
  else aead.sealRecords(span);
}

/**
 * Opens the records of a span, likewise.
 * @returns how many were opened: it stops at the first whose tag is wrong
 */
export function openSpan(aead: Aead, span: AeadSpan): number {
  return aead.openRecords === undefined ? openRecordByRecord(aead, span) : aead.openRecords(span);
}

function sealRecordByRecord(aead: Aead, span: AeadSpan): void {
  for (let index = 0; index < span.count; index += 1) {
    const { nonce, additionalData, input, outputStart } = recordOf(span, index);
    aead.seal(
      nonce,
      additionalData,
      input,
      span.output.subarray(outputStart, outputStart + input.length + aeadTagLength),
    );
  }
}

function openRecordByRecord(aead: Aead, span: AeadSpan): number {
  for (let index = 0; index < span.count; index += 1) {
    const { nonce, additionalData, input, outputStart } = recordOf(span, index);
    const output = span.output.subarray(outputStart, outputStart + input.length - aeadTagLength);
    if (!aead.open(nonce, additionalData, input, output)) {
      output.fill(0);
      return index;
    }
    span.lastBytes[index] = output[output.length - 1] ?? 0;
  }
  return span.count;
}

interface SpanRecord {
  readonly nonce: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly input: Uint8Array;
  readonly outputStart: number;
}

function recordOf({ nonces, additionalData, input, places }: AeadSpan, index: number): SpanRecord {
  const at = index * spanPlaceLength;
  const dataStart = places[at] ?? 0;
  const inputStart = places[at + 2] ?? 0;
  return {
    nonce: nonces.subarray(index * aeadNonceLength, (index + 1) * aeadNonceLength),
    additionalData: additionalData.subarray(dataStart, dataStart + (places[at + 1] ?? 0)),
    input: input.subarray(inputStart, inputStart + (places[at + 3] ?? 0)),
    outputStart: places[at + 4] ?? 0,
  };
}
