import type { EngineSink } from '../engine.ts';
import { EngineQueue } from './engine-queue.ts';
import { isTlsError, TlsError } from '../tls-error.ts';

/** What an engine does for its frame. */
export interface FrameOwner {
  /**
   * The connection is over for this reason. What was received before it goes to the sink, then its alert, then `tellFailed`: now, or
   * when a thread has let go. No work is begun any more.
   */
  giveUp(error: TlsError): void;
  /** Wipes what is secret and frees the rest. Called once, when nothing is under way. */
  release(): void;
  /** A call is at its end: memory that the sink has lent for it is the sink's again. */
  giveBack(): void;
}

/**
 * The outermost frame of every call into an engine: what holds of each engine by the contract in `backend.ts`, whatever it does within.
 * Calls and events keep their order (see `EngineQueue`), whatever is thrown becomes the connection's one failure, and a call that comes
 * from within a hook is worked on when the hook's step is done.
 */
export class EngineFrame {
  readonly #owner: FrameOwner;
  readonly #sink: EngineSink;
  readonly #queue = new EngineQueue(
    (thrown) => this.#caught(thrown),
    () => this.#owner.giveBack(),
  );
  #isStarted = false;
  #isDestroyed = false;
  #isReleased = false;
  #isOver = false;
  #isFailureDue = false;
  /** Why a hook ended the connection by `fail`, until the step that called the hook is done. */
  #interruption: TlsError | undefined;
  /** There once the sink was told. */
  #failure: TlsError | undefined;

  constructor(sink: EngineSink, owner: FrameOwner) {
    this.#sink = sink;
    this.#owner = owner;
  }

  /** It has failed, even if the sink does not know yet, or was destroyed: what is still sent is dropped. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A hook has ended the connection that it was asked for. */
  get isInterrupted(): boolean {
    return this.#isOver || this.#interruption !== undefined;
  }

  /** @throws whatever ends the step whose hook has ended the connection */
  checkGoesOn(): void {
    if (this.#interruption !== undefined) throw this.#interruption;
    if (this.#isOver) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was destroyed');
  }

  /** The first call. */
  start(work: () => void): void {
    this.refuseAfterFailure();
    if (this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was already started');
    this.#isStarted = true;
    this.run(work);
  }

  /** @throws TlsError the failure that the sink was told, or `ERR_TLS_API_MISUSE` when the engine was destroyed */
  refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isDestroyed) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was destroyed');
  }

  /** As `refuseAfterFailure`, of what may not be the first call. */
  refuseBeforeStart(): void {
    this.refuseAfterFailure();
    if (!this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
  }

  /** Does a call's work, and then tells the sink what came of it. */
  run(work: () => void): void {
    this.#queue.run(() => {
      if (!this.#isOver) work();
    });
  }

  /** As `run`, of work with an argument, which has to look by itself whether the connection is over. */
  runWith<Argument>(work: (argument: Argument) => void, argument: Argument): void {
    this.#queue.runWith(work, argument);
  }

  /** Goes on when a Promise is settled; whether the connection is still wanted is for `work` to see. */
  runWhenSettled<Value>(
    pending: PromiseLike<Value>,
    work: (value: Value) => void,
    refused: (error: unknown) => void,
  ): void {
    // a thenable of another make may call back twice, or at once
    Promise.resolve(pending).then(
      (value) => this.#queue.runDetached(() => work(value)),
      (error: unknown) => this.#queue.runDetached(() => refused(error)),
    );
  }

  /** What the owner lends for the time of a call, as work may use it: within a hook the call returns before its work is done. */
  kept(lent: Uint8Array): Uint8Array {
    return this.#queue.isWorking ? new Uint8Array(lent) : lent;
  }

  /** True when an event that is told now reaches the sink before all others, and within the same call. */
  get isNextToTell(): boolean {
    return this.#queue.isNextToTell;
  }

  /** Adds an event behind all others. */
  tell(event: () => void): void {
    this.#queue.tell(event);
  }

  /** Tells of an outage that is survived, whether or not work is under way; never behind the failure. */
  warn(warning: TlsError): void {
    const event = (): void => {
      if (!this.#isFailureDue) this.tell(() => this.#sink.warning?.(warning));
    };
    if (this.#queue.isWorking) event();
    else this.#queue.runDetached(event);
  }

  /** The call of the same name. */
  fail(error: TlsError): void {
    this.refuseAfterFailure();
    if (this.#queue.isWorking) this.#interruption ??= error;
    this.run(() => {
      throw error;
    });
  }

  /** Ends the connection for a reason that the peer knows already. */
  end(error: TlsError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.tellFailed(error);
  }

  /** The last event; told once. */
  tellFailed(error: TlsError): void {
    if (this.#isFailureDue) return;
    this.#isFailureDue = true;
    this.tell(() => {
      this.#failure = error;
      this.#release();
      this.#sink.failed(error);
    });
  }

  /** The call of the same name: nothing more reaches the sink. */
  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#isOver = true;
    this.#queue.close(() => this.#release());
  }

  #caught(thrown: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const error = this.#interruption ?? asTlsError(thrown);
    try {
      this.#owner.giveUp(error);
    } catch {
      // the farewell went wrong as well: what counts is why it was to be said
      this.tellFailed(error);
    }
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#owner.release();
  }
}

function asTlsError(thrown: unknown): TlsError {
  return isTlsError(thrown) ? thrown : new TlsError('ERR_TLS_BACKEND', 'an internal error', { cause: thrown });
}
