import type { EngineSink } from '../engine.ts';
import { copyBytes } from './bytes.ts';
import type { EngineFrame } from './engine-frame.ts';

/**
 * The memory that a sink lends for plaintext or for ciphertext, and the events that give it back. It is never kept beyond the call in which
 * it was lent, so that an owner may lend the same to all connections.
 */
export class LentMemory {
  readonly #frame: EngineFrame;
  readonly #sink: EngineSink;
  readonly #kind: 'plaintext' | 'ciphertext';
  /** What is lent now. */
  #lent: Uint8Array | undefined;
  /** A batch in it, of which the sink has not been told yet. */
  #untold: Uint8Array | undefined;

  constructor(frame: EngineFrame, sink: EngineSink, kind: 'plaintext' | 'ciphertext') {
    this.#frame = frame;
    this.#sink = sink;
    this.#kind = kind;
  }

  /** @returns memory of at least so many bytes, or `undefined` where the sink lends none, or could not be told at once */
  borrow(length: number): Uint8Array | undefined {
    const sink = this.#sink;
    const isPlaintext = this.#kind === 'plaintext';
    const lends = isPlaintext ? sink.plaintextBuffer !== undefined : sink.ciphertextBuffer !== undefined;
    if (!lends || this.#lent !== undefined || this.#untold !== undefined || !this.#frame.isNextToTell) return undefined;
    const lent = isPlaintext ? sink.plaintextBuffer?.(length) : sink.ciphertextBuffer?.(length);
    if (lent === undefined || lent.length < length) return undefined;
    this.#lent = lent;
    return lent;
  }

  /** Tells the sink of a batch, which may be the beginning of what was lent. */
  tell(batch: Uint8Array): void {
    if (this.#lent === undefined || !beginsIn(this.#lent, batch)) {
      this.#frame.tell(() => this.#give(batch));
      return;
    }
    this.#untold = batch;
    this.#frame.tell(this.#giveUntold);
  }

  readonly #giveUntold = (): void => {
    const batch = this.#untold;
    this.#untold = undefined;
    this.#lent = undefined;
    if (batch !== undefined) this.#give(batch);
  };

  #give(batch: Uint8Array): void {
    if (this.#kind === 'plaintext') this.#sink.plaintext(batch);
    else this.#sink.ciphertext(batch);
  }

  /** The call ends: what the sink has not been told of is copied, and the memory is the sink's again. */
  giveBack(): void {
    if (this.#untold !== undefined) this.#untold = copyBytes(this.#untold);
    this.#lent = undefined;
  }
}

/** The ArrayBuffer alone does not tell: others' bytes lie in it as well, where it is Node's pool. */
function beginsIn(lent: Uint8Array, batch: Uint8Array): boolean {
  const at = batch.byteOffset - lent.byteOffset;
  return batch.buffer === lent.buffer && at >= 0 && at < lent.length;
}
