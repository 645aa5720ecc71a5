import { once } from 'node:events';
import type { TlsClientContext, TlsSession } from '@org/tls-core';
import { isTlsError } from '@org/tls-core';
import { connect } from '@org/tls-core/node';

/** What came of many connections. */
export interface LoadResult {
  /** Connections whose client had connected before, so that it could resume. */
  connections: number;
  resumed: number;
  /** Handshakes that failed with a server that lives. */
  failed: number;
  /** Connections that ended because their server was killed, or was not there yet. */
  cut: number;
  /** Milliseconds of the longest handshake. */
  slowest: number;
  readonly errors: string[];
}

export interface LoadOptions {
  readonly client: TlsClientContext;
  /** The ports of the servers that take connections now; a balancer would know them too. */
  readonly ports: () => readonly number[];
  readonly connections: number;
  /** Connections at the same time. */
  readonly lanes: number;
  /** Things that are done when a share of the connections is done, from 0 to 1. */
  readonly events?: readonly (readonly [share: number, act: () => Promise<void>])[];
}

/** Connects again and again, each time to another server, with the session that the last connection got. */
export async function load({ client, ports, connections, lanes, events = [] }: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = { connections: 0, resumed: 0, failed: 0, cut: 0, slowest: 0, errors: [] };
  const pending = [...events];
  let begun = 0;
  const lane = async (): Promise<void> => {
    let session: TlsSession | undefined;
    let isFirst = true;
    while (begun < connections) {
      begun += 1;
      const [event] = pending;
      if (event !== undefined && begun >= event[0] * connections) {
        pending.shift();
        // Each lane waits for what it does itself, and the others go on.
        // oxlint-disable-next-line no-await-in-loop
        await event[1]();
      }
      const now = ports();
      const port = now[begun % now.length] ?? 0;
      try {
        // oxlint-disable-next-line no-await-in-loop
        const done = await once1(client, port, session, result);
        if (!isFirst) {
          result.connections += 1;
          result.resumed += Number(done.isResumed);
        }
        isFirst = false;
        session = done.session;
      } catch (error) {
        if (!ports().includes(port)) result.cut += 1;
        else {
          result.failed += 1;
          result.errors.push(isTlsError(error) ? error.code : String(error));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return result;
}

async function once1(
  client: TlsClientContext,
  port: number,
  given: TlsSession | undefined,
  result: LoadResult,
): Promise<{ readonly isResumed: boolean; readonly session: TlsSession | undefined }> {
  let session: TlsSession | undefined;
  const began = performance.now();
  const socket = await connect({
    host: '127.0.0.1',
    port,
    serverName: 'localhost',
    tls: client,
    handshakeTimeout: 60_000,
    ...(given !== undefined && { session: given }),
  });
  result.slowest = Math.max(result.slowest, performance.now() - began);
  socket.on('session', (each: TlsSession) => (session = each));
  socket.resume();
  await once(socket, 'close');
  return { isResumed: socket.info?.resumed === true, session };
}
