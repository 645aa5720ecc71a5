/** What all objects inherit from. */
const every: object = Object.getPrototypeOf({}) as object;

/** A property of every object, as long as it is not undone. */
export class Polluted {
  readonly #name: string;

  constructor(name: string, value: unknown) {
    this.#name = name;
    // not enumerable, as an attacker who is careful would have it
    Object.defineProperty(every, name, { value, configurable: true, writable: true, enumerable: false });
  }

  undo(): void {
    Reflect.deleteProperty(every, this.#name);
  }

  [Symbol.dispose](): void {
    this.undo();
  }
}
