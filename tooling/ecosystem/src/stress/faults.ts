import { isDeepStrictEqual } from 'node:util';
import type { Leftovers, State } from './stress.ts';

/** What a run has left that it should not have, one line each. */
export function faultsOf({ after, listeners }: Leftovers): readonly string[] {
  const faults: string[] = [];
  const [before] = after;
  for (const { requests: done, connections, resources, sockets } of after) {
    if (connections > 0) faults.push(`${connections} connections are open after ${done} requests`);
    if (sockets > 0) faults.push(`${sockets} sockets are not collected after ${done} requests`);
    if (!isDeepStrictEqual(resources, before?.resources))
      faults.push(`${JSON.stringify(resources)} are active after ${done} requests`);
  }
  if (!isDeepStrictEqual(...listeners))
    faults.push(`listeners were ${listeners.map((each) => JSON.stringify(each)).join(', now ')}`);
  const grown = growth(after);
  if (grown.bytes > allowedBytes + allowedBytesPerRequest * grown.requests)
    faults.push(`memory has grown by ${grown.bytes} bytes in ${grown.requests} requests`);
  return faults;
}

/** How memory has grown since the first part of the requests, in which code is compiled and pools are filled. */
export function growth(after: readonly State[]): { readonly bytes: number; readonly requests: number } {
  const [, warm] = after;
  const last = after.at(-1);
  if (warm === undefined || last === undefined) return { bytes: 0, requests: 0 };
  return { bytes: last.bytes - warm.bytes, requests: last.requests - warm.requests };
}

/** What compiling more code takes, whatever the number of requests. */
const allowedBytes = 1024 * 1024;
/** Far less than the smallest thing of a connection. */
const allowedBytesPerRequest = 256;
