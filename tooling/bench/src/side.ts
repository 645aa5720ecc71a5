// One side of one variant in a process of its own. It does what its parent asks, one request at a time.
import { openEndpoint, type Endpoint, type Pems, type Variant } from './endpoint.ts';
import { drive, hold, serve, type Workload } from './workload.ts';
import type { Duplex } from 'node:stream';

export type Ask =
  | { readonly do: 'open'; readonly variant: Variant; readonly pems: Pems; readonly listen: boolean }
  | { readonly do: 'drive'; readonly port: number; readonly workload: Workload; readonly amount: number }
  | { readonly do: 'hold'; readonly port: number; readonly amount: number }
  /** With a garbage collection V8 drops compiled code, so that only memory is measured after one. */
  | { readonly do: 'measure'; readonly collects: boolean };

let endpoint: Endpoint | undefined;
let held: readonly Duplex[] = [];

process.on('message', (ask: Ask) => {
  answer(ask).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());

async function answer(ask: Ask): Promise<unknown> {
  if (ask.do === 'open') {
    endpoint = await openEndpoint(ask.variant, ask.pems);
    return ask.listen ? endpoint.listen(serve) : 0;
  }
  if (ask.do === 'measure') {
    const { user, system } = process.cpuUsage();
    if (ask.collects) globalThis.gc?.();
    return { cpu: user + system, rss: process.memoryUsage.rss(), held: held.length };
  }
  if (endpoint === undefined) throw new Error('not open');
  const startedAt = performance.now();
  if (ask.do === 'hold') held = await hold(endpoint, ask.port, ask.amount);
  else await drive(endpoint, ask.port, ask.workload, ask.amount);
  return (performance.now() - startedAt) / 1000;
}
