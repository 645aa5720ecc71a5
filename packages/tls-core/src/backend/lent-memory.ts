import type { EngineSink } from '../engine.ts';
import { copyBytes } from './bytes.ts';
import type { EngineFrame } from './engine-frame.ts';

/** Bytes on their way to the sink. */
interface Batch {
  bytes: Uint8Array;
  /** They lie in the sink's own memory. */
  isLent: boolean;
}

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
  #untold: Batch | undefined;

  constructor(frame: EngineFrame, sink: EngineSink, kind: 'plaintext' | 'ciphertext') {
    this.#frame = frame;
    this.#sink = sink;
    this.#kind = kind;
  }

  /** @returns memory of at least so many bytes, or `undefined` where the sink lends none, or could not be told at once */
  borrow(length: number): Uint8Array | undefined {
    const sink = this.#sink;
    const isOffered =
      this.#kind === 'plaintext' ? sink.plaintextBuffer !== undefined : sink.ciphertextBuffer !== undefined;
    if (!isOffered || this.#lent !== undefined || !this.#frame.isNextToTell) return undefined;
    const lent = this.#kind === 'plaintext' ? sink.plaintextBuffer?.(length) : sink.ciphertextBuffer?.(length);
    if (lent === undefined || lent.length < length) return undefined;
    this.#lent = lent;
    return lent;
  }

  /** Tells the sink of a batch, which may be the beginning of what was lent. */
  tell(bytes: Uint8Array): void {
    const batch: Batch = { bytes, isLent: this.#lent !== undefined && bytes.buffer === this.#lent.buffer };
    if (batch.isLent) this.#untold = batch;
    this.#frame.tell(() => {
      if (batch === this.#untold) this.#untold = undefined;
      this.#lent = undefined;
      if (this.#kind === 'plaintext') this.#sink.plaintext(batch.bytes);
      else this.#sink.ciphertext(batch.bytes);
    });
  }

  /** The call ends: what the sink has not been told of is copied, and the memory is the sink's again. */
  giveBack(): void {
    const untold = this.#untold;
    if (untold !== undefined) untold.bytes = copyBytes(untold.bytes);
    this.#untold = undefined;
    this.#lent = undefined;
  }
}
