/** The object from which all objects inherit. */
const every: object = Object.getPrototypeOf({}) as object;

/** Gives every object a property, until that is undone. */
export class Polluted {
  readonly #name: string;

  constructor(name: string, value: unknown) {
    this.#name = name;
    // The property is not enumerable, which a careful attacker would choose.
    Object.defineProperty(every, name, { value, configurable: true, writable: true, enumerable: false });
  }

  undo(): void {
    Reflect.deleteProperty(every, this.#name);
  }

  [Symbol.dispose](): void {
    this.undo();
  }
}
