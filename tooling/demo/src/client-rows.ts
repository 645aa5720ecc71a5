import { createHttpClient, securityOf } from '@org/http-client';
import { peers, type Peer, type PemFiles } from './peers.ts';
import { runRow, type Outcome, type Row } from './row.ts';

/** Fetches a page from every peer through every backend. */
export async function clientRows(
  backends: readonly string[],
  files: PemFiles,
  rootPem: string,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const peer of peers) {
    // One server serves all backends. When it does not start, each row says why.
    const started = await peer.start(files).then(
      (server) => ({ server }),
      (error: unknown) => ({ error }),
    );
    for (const backend of backends) {
      const fetched = (): Promise<Outcome> => {
        if ('error' in started) throw started.error;
        return fetchPage(backend, peer, started.server.port, rootPem);
      };
      rows.push(await runRow({ backend, role: 'client', peer: peer.name }, async () => fetched()));
    }
    if ('server' in started) await started.server[Symbol.asyncDispose]();
  }
  return rows;
}

async function fetchPage(backend: string, peer: Peer, port: number, trust: string): Promise<Outcome> {
  await using client = createHttpClient({ tls: { backend, trust }, allowH2: peer.http2 });
  const response = await client.fetch(`https://localhost:${port}/`, { signal: AbortSignal.timeout(8000) });
  await response.text();
  return { info: securityOf(response), status: response.status };
}
