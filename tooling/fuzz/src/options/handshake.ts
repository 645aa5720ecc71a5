import type { EngineSink, TlsEngine } from '@org/tls-core';
import { WatchedEngine, type WatchOptions } from '../peer/watched-engine.ts';
import { isKeyLogError } from './garbage-key-log.ts';

/** How each side ended: with `done`, with an error's code, or with `waiting`. */
export interface Outcome {
  readonly client: string;
  readonly server: string;
}

const watchOptions: WatchOptions = { mayMisconfigure: true, isOwn: isKeyLogError };

/**
 * Lets two engines exchange bytes until both are done, one has failed, or nothing more comes.
 * @param made is called when both engines exist
 */
export async function handshake(
  makers: readonly [(sink: EngineSink) => TlsEngine, (sink: EngineSink) => TlsEngine],
  made: () => void = () => undefined,
): Promise<Outcome> {
  const [makeClient, makeServer] = makers;
  const client = new WatchedEngine(makeClient, watchOptions);
  const server = new WatchedEngine(makeServer, watchOptions);
  made();
  try {
    server.start();
    client.start();
    for (let idle = 0; idle < 10;) {
      const toServer = client.outgoing.splice(0);
      const toClient = server.outgoing.splice(0);
      for (const bytes of toServer) if (server.failure === undefined) server.receive(bytes);
      for (const bytes of toClient) if (client.failure === undefined) client.receive(bytes);
      if (toServer.length + toClient.length > 0) continue;
      idle += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.checkEnd();
    server.checkEnd();
    return { client: endOf(client), server: endOf(server) };
  } finally {
    client.destroy();
    server.destroy();
  }
}

function endOf({ failure, info }: WatchedEngine): string {
  return failure?.code ?? (info === undefined ? 'waiting' : 'done');
}
