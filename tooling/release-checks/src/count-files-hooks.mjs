let count;

/** @param data.count shared memory of one number */
export function initialize(data) {
  count = data.count;
}

/** Counts every file that is loaded; a module is loaded once. */
export async function load(url, context, nextLoad) {
  if (url.startsWith('file:')) Atomics.add(count, 0, 1);
  return nextLoad(url, context);
}
