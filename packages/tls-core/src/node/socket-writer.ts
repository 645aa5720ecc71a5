import { writePastStream, type PlainSocket } from './plain-socket.ts';

/** So many bytes may wait for the system while the next are protected. With fewer, the one would wait for the other. */
const waitingLimit = 2 ** 17;

/** What one tick writes is joined up to this size. More is written at once. */
const joinLimit = 2 ** 16;

/** As much as `joinLimit` bytes become when they are protected, with room for what surrounds them. */
const memoryLength = joinLimit + 2 ** 12;

/**
 * Memory that is lent to engines and is nobody's now. The connections of a thread need one as long as the system takes all at once, and one
 * that sends to a slow peer needs some more.
 */
const spare: Uint8Array[] = [];
const mostSpare = 4;

/** While the system reads from memory, more is lent only for so many bytes: a slow peer keeps what was written to it, and hardly more. */
const leastBesideWaiting = joinLimit / 2;

/** Who has taken the memory last. */
let holder: SocketWriter | undefined;

/** Gives a socket's system what is written in one tick as one write, and no more than it takes. */
export class SocketWriter {
  readonly #socket: PlainSocket;
  readonly #drained: () => void;
  readonly #failed: (cause: Error) => void;
  /** What was written and not given to the system. */
  #batches: Uint8Array[] = [];
  #length = 0;
  #memory: Uint8Array | undefined;
  /** Memory before that, of which all that was written is in `#batches`. */
  readonly #filled: Uint8Array[] = [];
  /** What of the memory is in `#batches`. */
  #start = 0;
  #end = 0;
  /** True while an engine may write into the rest of the memory. */
  #isLent = false;
  /** How many writes the system has not taken whole yet, and how many bytes they were. */
  #inFlight = 0;
  #inFlightLength = 0;
  /** Memory from which the system still reads. */
  readonly #pinned: Uint8Array[] = [];
  #owesDrain = false;
  #isWriting = false;
  #isWritten = false;

  /**
   * @param drained is called once `write` may go on, after it gave false
   * @param failed is called in the next tick when the system takes no more
   */
  constructor(socket: PlainSocket, drained: () => void, failed: (cause: Error) => void) {
    this.#socket = socket;
    this.#drained = drained;
    this.#failed = failed;
  }

  /** How many bytes were written and are not with the system. */
  get waiting(): number {
    return this.#length + this.#inFlightLength;
  }

  /** Lends memory for the next `write`, by the rules of `EngineSink.ciphertextBuffer`. `endTurn` has to follow in this tick. */
  lend(length: number): Uint8Array | undefined {
    if (length > memoryLength || this.#isLent) return undefined;
    if (length > memoryLength - this.#end) this.flush();
    if (this.#inFlight > 0 && length < leastBesideWaiting) return undefined;
    if (length > memoryLength - this.#end) this.#turnOver();
    this.#memory ??= takeMemory(this);
    this.#isLent = true;
    return this.#end === 0 ? this.#memory : this.#memory.subarray(this.#end);
  }

  /**
   * Takes bytes, which are the writer's from then on. `endTurn` has to follow in this tick.
   * @returns false when so much waits that the caller should wait for `drained`
   */
  write(batch: Uint8Array): boolean {
    if (batch.buffer === this.#memory?.buffer) {
      this.#isLent = false;
      if (this.#start === this.#end) this.#start = batch.byteOffset;
      this.#end = batch.byteOffset + batch.length;
    }
    this.#batches.push(batch);
    this.#length += batch.length;
    if (this.#length >= joinLimit) this.flush();
    this.#owesDrain = this.waiting > waitingLimit;
    return !this.#owesDrain;
  }

  /** Gives the system what waits, unless it has not taken yet what it was given before. */
  flush(): void {
    if (this.#inFlight === 0) this.finish();
  }

  /** Gives the system what waits, when no call of the engine is under way any more. */
  endTurn(): void {
    this.#isLent = false;
    this.flush();
    this.#giveBack();
  }

  /** Gives the system all that waits, also behind what it has not taken yet. */
  finish(): void {
    const batches = this.#batches;
    const length = this.#length;
    if (length === 0) return;
    this.#batches = [];
    this.#length = 0;
    if (!this.#socket.destroyed) this.#writeAll(batches, length);
    this.#start = 0;
    this.#end = 0;
    giveBack(this.#filled);
    this.#giveBack();
  }

  #writeAll(batches: readonly Uint8Array[], length: number): void {
    const memory = this.#memory;
    if (this.#socket.connecting) {
      // what waits until the connection is there must not keep memory that others share
      this.#writeNow(Buffer.concat(batches, length));
    } else if (memory !== undefined && this.#end - this.#start === length) {
      this.#writeNow(memory.subarray(this.#start, this.#end));
      this.#pin();
    } else if (batches.length > 1 && length <= joinLimit) {
      this.#writeNow(Buffer.concat(batches, length));
    } else {
      for (const batch of batches) this.#writeNow(batch);
      this.#pin();
    }
  }

  #writeNow(bytes: Uint8Array): void {
    this.#isWriting = true;
    this.#isWritten = false;
    writePastStream(this.#socket, bytes, this.#onWritten);
    this.#isWriting = false;
    if (this.#isWritten) return;
    this.#inFlight += 1;
    this.#inFlightLength += bytes.length;
  }

  readonly #onWritten = (cause?: Error | null): void => {
    if (cause !== undefined && cause !== null) process.nextTick(this.#failed, cause);
    if (this.#isWriting) this.#isWritten = true;
    else this.#landed();
  };

  #landed(): void {
    this.#inFlight -= 1;
    if (this.#inFlight > 0) return;
    this.#inFlightLength = 0;
    this.finish();
    if (this.#inFlight > 0) return;
    giveBack(this.#pinned);
    if (!this.#owesDrain || this.waiting > 0) return;
    this.#owesDrain = false;
    this.#drained();
  }

  /** The system reads from the memory, unless it has taken all. */
  #pin(): void {
    if (this.#inFlight === 0) return;
    this.#turnOver();
    this.#pinned.push(...this.#filled.splice(0));
  }

  /** What comes next goes into other memory. */
  #turnOver(): void {
    if (this.#memory !== undefined) this.#filled.push(this.#memory);
    this.#forget();
    this.#start = 0;
    this.#end = 0;
  }

  #giveBack(): void {
    if (this.#memory === undefined || this.#isLent || this.#length > 0) return;
    giveBack([this.#memory]);
    this.#forget();
  }

  #forget(): void {
    this.#memory = undefined;
    if (holder === this) holder = undefined;
  }
}

/** What another one holds until its tick ends is given to the system now. */
function takeMemory(writer: SocketWriter): Uint8Array {
  holder?.flush();
  holder = writer;
  return spare.pop() ?? new Uint8Array(memoryLength);
}

/** Empties the list. */
function giveBack(pieces: Uint8Array[]): void {
  for (const piece of pieces.splice(0)) if (spare.length < mostSpare) spare.push(piece);
}
