/** A class, of which only the prototype matters here. */
interface Prototyped {
  readonly prototype: object;
}

/**
 * Puts a prototype below all those of a class, above what it had as its last one: instances of the class then are `instanceof` the class of
 * that prototype too, and find its methods where they have none of their own.
 *
 * The prototypes between are copied, so that other subclasses of them stay as they were. Methods keep their `super`, which is the prototype
 * that they were written for.
 * @param last the class below which the chain is cut off; `onto` must descend from it
 */
export function graft(target: Prototyped, last: Prototyped, onto: Prototyped): void {
  const between: object[] = [];
  for (
    let each = Object.getPrototypeOf(target.prototype) as object;
    each !== last.prototype;
    each = Object.getPrototypeOf(each) as object
  )
    between.unshift(each);
  const chain = between.reduce<object>(
    (below, each) => Object.create(below, Object.getOwnPropertyDescriptors(each)) as object,
    onto.prototype,
  );
  Object.setPrototypeOf(target.prototype, chain);
}
