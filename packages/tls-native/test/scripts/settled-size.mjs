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
