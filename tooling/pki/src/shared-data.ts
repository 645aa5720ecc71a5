/** A file of the data beside the project's root. Throws when it is not there: the tests that need it then fail. */
export function sharedData(name: string): string {
  return `${import.meta.dirname}/../../../../shared/data/${name}`;
}
