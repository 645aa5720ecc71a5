import { asciiBytes } from '@org/tls-core/backend';
import { hashLength, hkdfExpand, hkdfExpandBlock, type CryptoProvider, type HashAlgorithm } from '@org/tls-crypto';

/** What HKDF-Expand-Label makes of a secret. */
export interface LabelExpansion {
  /** It comes without the prefix "tls13 ", and has at most 249 bytes of ASCII; `HkdfLabel` has it encoded already. */
  readonly label: string | HkdfLabel;
  /** It has at most 255 bytes. */
  readonly context: Uint8Array;
  readonly length: number;
}

/** HKDF-Expand-Label (RFC 8446 §7.1). */
export function hkdfExpandLabel(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  { label, context, length }: LabelExpansion,
): Uint8Array {
  const encoded = typeof label === 'string' ? new HkdfLabel(label) : label;
  const input = encoded.firstInput(context, length);
  const output = new Uint8Array(length);
  if (length <= hashLength[hash]) hkdfExpandBlock(crypto, hash, secret, input, output);
  else hkdfExpand(crypto, hash, secret, input.subarray(0, -1), output);
  return output;
}

/** A label, encoded once for all secrets that are expanded by it. */
export class HkdfLabel {
  /** The label as `HkdfLabel` of RFC 8446 §7.1 has it, with its length. */
  readonly #encoded: Uint8Array;
  /** The inputs without a context that were asked for, by the length of what is expanded: a label has two at most. */
  readonly #withoutContext = new Map<number, Uint8Array>();

  constructor(label: string) {
    const name = asciiBytes(`tls13 ${label}`);
    this.#encoded = Uint8Array.of(name.length, ...name);
  }

  /** The input of the first block of HKDF-Expand (RFC 5869 §2.3), which is the info and a 1. It must not be written to. */
  firstInput(context: Uint8Array, length: number): Uint8Array {
    const known = context.length === 0 ? this.#withoutContext.get(length) : undefined;
    if (known !== undefined) return known;
    const encoded = this.#encoded;
    const input = new Uint8Array(2 + encoded.length + 1 + context.length + 1);
    input[0] = length >>> 8;
    input[1] = length;
    input.set(encoded, 2);
    input[2 + encoded.length] = context.length;
    input.set(context, 3 + encoded.length);
    input[input.length - 1] = 1;
    if (context.length === 0 && this.#withoutContext.size < maxKnownLengths) this.#withoutContext.set(length, input);
    return input;
  }
}

/** The lengths of a hash, of a key and of a nonce: no more are asked for. */
const maxKnownLengths = 4;
