import type { EngineSink } from '../engine.ts';
import { isPromiseLike, type MaybePromise } from '../maybe-promise.ts';
import type { EngineFrame } from './engine-frame.ts';
import { HeldInput } from './held-input.ts';

/** The engine whose input a pause holds up. */
export interface PausedEngine {
  /** Reads what has come. */
  read(ciphertext: Uint8Array): void;
  /** Learns that nothing more comes. */
  readEnd(): void;
  /** Hands over what has been gathered, before the owner is told that input is welcome again. */
  finishWork(): void;
}

/**
 * The times in which an engine can read nothing: a hook's Promise is pending, or a step of the handshake is under way on another thread.
 * What comes meanwhile is held, and read when the pause is over.
 */
export class Pause {
  readonly #frame: EngineFrame;
  readonly #sink: EngineSink;
  readonly #engine: PausedEngine;
  readonly #held = new HeldInput();
  #isEndHeld = false;
  #isHookPending = false;
  #isStepPending = false;

  constructor(frame: EngineFrame, sink: EngineSink, engine: PausedEngine) {
    this.#frame = frame;
    this.#sink = sink;
    this.#engine = engine;
  }

  /** Whether input is held. */
  get isOn(): boolean {
    return this.#isHookPending || this.#isStepPending;
  }

  /** Whether another thread is at work: nothing but that thread may touch the library's connection. */
  get isStepPending(): boolean {
    return this.#isStepPending;
  }

  /** @throws TlsError `ERR_TLS_LIMIT` when more would be held than `HeldInput` holds */
  receive(input: Uint8Array): void {
    if (this.isOn) this.#held.push(input);
    else this.#engine.read(input);
  }

  receiveEnd(): void {
    if (this.isOn) this.#isEndHeld = true;
    else this.#engine.readEnd();
  }

  /** Has the engine read this again, in front of what has come since. */
  readAgain(input: Uint8Array | undefined): void {
    if (input !== undefined) this.#held.putBack(input);
  }

  /** Forgets what is held. */
  clear(): void {
    this.#held.clear();
  }

  /** Goes on when a hook has answered, at once or later. */
  untilAnswered<Value>(
    ask: () => MaybePromise<Value>,
    next: (value: Value) => void,
    refuse: (error: unknown) => void,
  ): void {
    let value: MaybePromise<Value>;
    try {
      value = ask();
    } catch (error) {
      if (!this.#frame.isInterrupted) refuse(error);
      return;
    }
    if (this.#frame.isInterrupted) return;
    if (!isPromiseLike(value)) {
      next(value);
      return;
    }
    this.#isHookPending = true;
    const answered = (then: () => void): void => {
      this.#isHookPending = false;
      if (this.#frame.isOver) return;
      then();
      this.#goOn();
    };
    this.#frame.runWhenSettled(
      value,
      (answer) => answered(() => next(answer)),
      (error) => answered(() => refuse(error)),
    );
  }

  /** Goes on when a step of the handshake is done. It is reported even when the connection is over: the thread has let go of it. */
  untilDone<Value>(step: MaybePromise<Value>, report: (value: Value) => void, refuse: (error: unknown) => void): void {
    if (!isPromiseLike(step)) {
      report(step);
      return;
    }
    this.#isStepPending = true;
    const done = (then: () => void): void => {
      this.#isStepPending = false;
      then();
      this.#goOn();
    };
    this.#frame.runWhenSettled(
      step,
      (value) => done(() => report(value)),
      (error) => done(() => refuse(error)),
    );
  }

  /** Reads what is held, as far as the engine comes without another pause. */
  readHeld(): void {
    while (!this.isOn && !this.#frame.isOver) {
      // in one step, however small the pieces are
      const next = this.#held.take();
      if (next === undefined) break;
      this.#engine.read(next);
    }
    if (!this.#isEndHeld || this.isOn || this.#frame.isOver) return;
    this.#isEndHeld = false;
    this.#engine.readEnd();
  }

  #goOn(): void {
    this.readHeld();
    this.#engine.finishWork();
    if (!this.isOn && !this.#frame.isOver) this.#frame.tell(() => this.#tellResumed());
  }

  #tellResumed(): void {
    if (!this.isOn) this.#sink.inputResumed?.();
  }
}
