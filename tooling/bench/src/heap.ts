import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

/** Objects of the application beside what is measured, which the collector has to mark. */
export const applicationHeap = {
  objects: [] as object[],

  /** Makes so many MiB of small objects that stay. */
  hold(mebibytes: number): void {
    if (mebibytes === 0) return;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    while (process.memoryUsage().heapUsed - before < mebibytes * 1024 * 1024) {
      for (let count = 0; count < 1000; count += 1) {
        this.objects.push({ key: String(this.objects.length), value: { count } });
      }
    }
    collectGarbage();
  },
};

/** Collects all garbage. V8 gets no flag when the process starts, so that it runs as in any program. */
export function collectGarbage(): void {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  v8.setFlagsFromString('--no-expose-gc');
  collect();
}

/** Collects until V8 has given back the pages that it keeps for a while in case they are needed again. */
export async function settleHeap(): Promise<void> {
  for (let count = 0; count < 5; count += 1) {
    collectGarbage();
    await setTimeout(50);
  }
}

/** Counts V8's major collections, each of which looks at the whole heap. */
export class CollectionCounter {
  count = 0;
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  #add(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const { detail } = entry as PerformanceEntry & { readonly detail: { readonly kind: number } };
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) this.count += 1;
    }
  }
}
