/**
 * Gives the bytes that live in V8's heap, and all memory outside of it: pages that V8 keeps for later hold nothing, and newer versions of Node
 * keep many. Needs --expose-gc.
 */
export async function settledSize() {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

/**
 * Gives the bytes by which memory grew for each in the round in which it grew least, of up to three: what is lost grows in every round, and what
 * the heaps keep for later does not.
 * @param unrest as many for each are no growth, so that no further round is needed
 */
export async function growthOfEach(count, unrest, act) {
  let least = Infinity;
  for (let round = 0; round < 3 && least >= unrest; round += 1) {
    const before = await settledSize();
    await act(count);
    least = Math.min(least, ((await settledSize()) - before) / count);
  }
  return least;
}
