/** Asks again and again until something holds; the test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
