/** Gives a file of the data beside the project's root. Throws when it does not exist, so that the tests that need it fail. */
export function sharedData(name: string): string {
  return `${import.meta.dirname}/../../../../shared/data/${name}`;
}
