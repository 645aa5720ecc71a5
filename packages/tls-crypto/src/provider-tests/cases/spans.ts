import { hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import { openSpan, sealSpan } from '../../provider-rules/record-by-record.ts';
import { maxSpanRecords, spanPlaceLength, type AeadAlgorithm, type AeadSpan } from '../../provider.ts';
import type { ProviderCase } from '../provider-case.ts';
import { randomBytes, reference } from '../reference.ts';
import { aeadAlgorithms, aeadKeyLengths, flipped } from './aead.ts';

export const spanCases: readonly ProviderCase[] = aeadAlgorithms.flatMap((algorithm) => [
  seals(algorithm),
  opens(algorithm),
  opensEmpty(algorithm),
  refuses(algorithm),
]);

function seals(algorithm: AeadAlgorithm): ProviderCase {
  return {
    id: `span/${algorithm}/seals`,
    title: `${algorithm}: a span is sealed as its records are one by one, in place and apart, and nothing beside them is written`,
    run(provider) {
      for (const lengths of [[7], someLengths(), Array.from({ length: maxSpanRecords }, (_, index) => index % 40)]) {
        const records = new Records(algorithm, lengths);
        const aead = provider.createAead(algorithm, records.key);
        const expected = hex(withMargin(records.sealed));
        const inPlace = withMargin(records.unsealed());
        sealSpan(
          aead,
          records.span(margin, { additionalData: inPlace, input: inPlace, output: inPlace }, 'same place'),
        );
        expect(hex(inPlace), 'in place').toBe(expected);
        const input = withMargin(records.unsealed());
        const before = hex(input);
        const output = withMargin(records.headers);
        const span = records.span(margin, { additionalData: input, input, output }, 'same place');
        sealSpan(aead, span);
        expect(hex(output), 'apart').toBe(expected);
        expect(hex(input), 'the input').toBe(before);
        expect(span.lastBytes.every((byte) => byte === untouched)).toBe(true);
      }
    },
  };
}

function opens(algorithm: AeadAlgorithm): ProviderCase {
  return {
    id: `span/${algorithm}/opens`,
    title: `${algorithm}: a span is opened as its records are one by one, also where a record overwrites the last byte of the one before it`,
    run(provider) {
      for (const lengths of [[7], someLengths().filter((length) => length > 0), Array(maxSpanRecords).fill(3)]) {
        const records = new Records(algorithm, lengths);
        const aead = provider.createAead(algorithm, records.key);
        const input = withMargin(records.sealed);
        const before = hex(input);
        const output = withMargin(new Uint8Array(records.packed(lengths.length).length).fill(untouched));
        const span = records.span(margin, { additionalData: input, input, output }, 'packed');
        expect(openSpan(aead, span)).toBe(lengths.length);
        expect(hex(output)).toBe(hex(withMargin(Uint8Array.from(records.packed(lengths.length)))));
        expect([...span.lastBytes]).toEqual(records.plaintexts.map((plaintext) => plaintext.at(-1)));
        expect(hex(input), 'the input').toBe(before);
      }
    },
  };
}

function opensEmpty(algorithm: AeadAlgorithm): ProviderCase {
  return {
    id: `span/${algorithm}/empty`,
    title: `${algorithm}: a plaintext of no bytes is opened, and its last byte is 0`,
    run(provider) {
      const records = new Records(algorithm, [0, 0]);
      const buffers = { additionalData: records.sealed, input: records.sealed, output: new Uint8Array(0) };
      const span = records.span(0, buffers, 'packed');
      expect(openSpan(provider.createAead(algorithm, records.key), span)).toBe(2);
      expect([...span.lastBytes]).toEqual([0, 0]);
    },
  };
}

function refuses(algorithm: AeadAlgorithm): ProviderCase {
  return {
    id: `span/${algorithm}/refuses`,
    title: `RFC 5116 §2.2 ${algorithm}: a span is opened up to the first wrong tag, of whose plaintext nothing is left`,
    run(provider) {
      const lengths = [50, 40, 600, 40];
      for (const wrong of lengths.keys()) {
        const records = new Records(algorithm, lengths);
        const aead = provider.createAead(algorithm, records.key);
        const input = flipped(records.sealed, (records.starts[wrong + 1] ?? 0) - 1);
        const output = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0)).fill(untouched);
        const span = records.span(0, { additionalData: input, input, output }, 'packed');
        expect(openSpan(aead, span), `a wrong tag at ${wrong}`).toBe(wrong);
        const opened = records.packed(wrong);
        const kept = Math.max(0, opened.length - 1);
        expect(hex(output.subarray(0, kept))).toBe(hex(Uint8Array.from(opened.slice(0, kept))));
        const plaintext = records.plaintexts[wrong] ?? new Uint8Array(0);
        const leaked = [...plaintext].filter((byte, index) => output[kept + index] === byte);
        expect(leaked.length).toBeLessThan(plaintext.length / 4);
        const behind = output.subarray(kept + plaintext.length);
        expect(
          behind.every((byte) => byte === untouched),
          'what lies behind',
        ).toBe(true);
        expect(span.lastBytes.subarray(wrong + 1).every((byte) => byte === untouched)).toBe(true);
      }
    },
  };
}

/** The lengths of the plaintexts of a span: around a block, around what small and large records are, and some at random. */
function someLengths(): readonly number[] {
  return [0, 1, 2, 15, 16, 17, 100, 1500, 2 ** 14 + 1, 0, 31, ...randomBytes(20)];
}

const headerLength = 5;
const tagLength = 16;
const untouched = 0xee;

/** Records as TLS 1.3 has them: each behind a header, which is its additional data. */
class Records {
  readonly algorithm: AeadAlgorithm;
  readonly key: Uint8Array;
  readonly nonces: Uint8Array;
  readonly plaintexts: readonly Uint8Array[];
  /** Where each header begins; the last number is the end of the last record. */
  readonly starts: readonly number[];
  /** The headers with nothing between them. */
  readonly headers: Uint8Array;
  /** The whole, sealed by the reference. */
  readonly sealed: Uint8Array;

  constructor(algorithm: AeadAlgorithm, lengths: readonly number[]) {
    this.algorithm = algorithm;
    this.key = randomBytes(aeadKeyLengths[algorithm]);
    this.nonces = randomBytes(12 * lengths.length);
    this.plaintexts = lengths.map((length) => randomBytes(length));
    const starts = [0];
    for (const length of lengths) starts.push((starts.at(-1) ?? 0) + headerLength + length + tagLength);
    this.starts = starts;
    this.sealed = new Uint8Array(starts.at(-1) ?? 0).fill(untouched);
    this.headers = this.sealed.map(() => untouched);
    const aead = reference.createAead(algorithm, this.key);
    for (const [index, plaintext] of this.plaintexts.entries()) {
      const start = starts[index] ?? 0;
      const header = randomBytes(headerLength);
      this.sealed.set(header, start);
      this.headers.set(header, start);
      const body = this.sealed.subarray(start + headerLength, starts[index + 1]);
      aead.seal(this.nonces.subarray(12 * index, 12 * index + 12), header, plaintext, body);
    }
  }

  /** The headers and the plaintexts, with room for the tags. */
  unsealed(): Uint8Array {
    const bytes = Uint8Array.from(this.headers);
    for (const [index, plaintext] of this.plaintexts.entries())
      bytes.set(plaintext, (this.starts[index] ?? 0) + headerLength);
    return bytes;
  }

  /** A span over buffers of which the beginning belongs to something else. */
  span(margin: number, buffers: Pick<AeadSpan, 'additionalData' | 'input' | 'output'>, layout: Layout): AeadSpan {
    const count = this.plaintexts.length;
    const places = new Int32Array(spanPlaceLength * count);
    let packed = margin;
    for (const [index, { length }] of this.plaintexts.entries()) {
      const body = margin + (this.starts[index] ?? 0) + headerLength;
      const isOpening = layout === 'packed';
      const row = [
        body - headerLength,
        headerLength,
        body,
        length + (isOpening ? tagLength : 0),
        isOpening ? packed : body,
      ];
      places.set(row, spanPlaceLength * index);
      packed += Math.max(0, length - 1);
    }
    return { count, nonces: this.nonces, places, lastBytes: new Uint8Array(count).fill(untouched), ...buffers };
  }

  /** What lies in the output when records are opened upon each other's last byte. */
  packed(count: number): readonly number[] {
    const output: number[] = [];
    for (const plaintext of this.plaintexts.slice(0, count)) {
      if (output.length > 0 && plaintext.length > 0) output.pop();
      output.push(...plaintext);
    }
    return output;
  }
}

/** Where the outputs are: each at the place of its input, or upon the last byte of the one before it. */
type Layout = 'same place' | 'packed';

const margin = 9;

function withMargin(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 2 * margin).fill(untouched);
  whole.set(bytes, margin);
  return whole;
}
