/** Of every runtime; tls-core has no types of any. */
declare function queueMicrotask(callback: () => void): void;

/**
 * The order in which an engine works and tells.
 *
 * A call into the engine is a piece of work. Work puts what it brings about at the end of one list of events, and the list goes to the
 * sink when no work is under way. Neither nests: a call from within an event does its work at once and adds its events behind those
 * that are there, and a call from within a hook is worked on when the hook's step is done. So records leave in the order in which they
 * were made, whatever a sink does inside an event.
 */
export class EngineQueue {
  readonly #failed: (error: unknown) => void;
  readonly #told: () => void;
  readonly #work = new Waiting();
  readonly #events = new Waiting();
  #isWorking = false;
  #isTelling = false;
  #isClosed = false;

  /**
   * @param failed gets what a piece of work throws; it may tell, and must not throw
   * @param told is called when the sink was told of all, or has thrown before that
   */
  constructor(failed: (error: unknown) => void, told: () => void) {
    this.#failed = failed;
    this.#told = told;
  }

  /** True inside of a hook: what is asked of the engine now is done later. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  /** True when an event that is added now is the next that the sink is told, and within the same call. */
  get isNextToTell(): boolean {
    return !this.#isTelling && this.#events.isEmpty;
  }

  /**
   * Does a piece of work, now or behind the one under way, and then tells the sink, unless it is being told already. What the sink
   * throws comes out of here; the events behind it are told by the next call, or by a microtask if there is none before it.
   */
  run(work: () => void): void {
    this.runWith(callIt, work);
  }

  /** As `run`, of work with an argument, for which no closure need be made. */
  runWith<Argument>(work: (argument: Argument) => void, argument: Argument): void {
    if (this.#isWorking) {
      this.#work.add(() => work(argument));
      return;
    }
    this.#isWorking = true;
    this.#do(work, argument);
    for (let next = this.#work.take(); next !== undefined; next = this.#work.take()) this.#do(callIt, next);
    this.#isWorking = false;
    this.#tellAll();
  }

  #do<Argument>(work: (argument: Argument) => void, argument: Argument): void {
    try {
      work(argument);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** As `run`, where nobody can catch what the sink throws, as in a Promise's reaction: it becomes an uncaught exception. */
  runDetached(work: () => void): void {
    try {
      this.run(work);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** Adds an event behind all others; called by work. */
  tell(event: () => void): void {
    if (!this.#isClosed) this.#events.add(event);
  }

  /** Drops all events and all work, and tells nothing any more. `last` is done now, or when the work under way is. */
  close(last: () => void): void {
    this.#isClosed = true;
    this.#events.clear();
    this.#work.clear();
    this.run(last);
  }

  #tellAll(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let event = this.#events.take(); event !== undefined; event = this.#events.take()) event();
    } finally {
      this.#isTelling = false;
      this.#told();
      if (!this.#events.isEmpty) queueMicrotask(() => this.#tellAll());
    }
  }
}

function callIt(action: () => void): void {
  action();
}

/** A list that is read from its front without moving what is behind. */
class Waiting {
  readonly #actions: (() => void)[] = [];
  #next = 0;

  get isEmpty(): boolean {
    return this.#next === this.#actions.length;
  }

  add(action: () => void): void {
    this.#actions.push(action);
  }

  take(): (() => void) | undefined {
    const action = this.#actions[this.#next];
    if (action === undefined) return undefined;
    this.#next += 1;
    if (this.isEmpty) this.clear();
    return action;
  }

  clear(): void {
    this.#actions.length = 0;
    this.#next = 0;
  }
}
