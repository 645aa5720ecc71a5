/** A Promise that is settled from outside. It is no unhandled rejection when nobody looks at it. */
export class Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;

  constructor() {
    let settle: Pick<Deferred<Value>, 'resolve' | 'reject'> | undefined;
    this.promise = new Promise<Value>((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.promise.catch(() => undefined);
    this.resolve = (value) => settle?.resolve(value);
    this.reject = (reason) => settle?.reject(reason);
  }
}

/** Holds one waiter until a condition is met. Whoever changes the condition calls `look`. */
export class Gate {
  #look: (() => void) | undefined;

  async until(isOpen: () => boolean): Promise<void> {
    while (!isOpen()) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  readonly look = (): void => this.#look?.();
}
