import type {
  ClientEngineOptions,
  ConnectionInfo,
  EngineSink,
  TlsClientContext,
  TlsEngine,
  TlsError,
  TlsServerContext,
  TlsSession,
} from '@org/tls-core';

class Recorder implements EngineSink {
  readonly outgoing: Uint8Array[] = [];
  readonly sessions: TlsSession[] = [];
  info: ConnectionInfo | undefined;
  failure: TlsError | undefined;
  ciphertext(batch: Uint8Array): void {
    this.outgoing.push(batch);
  }
  plaintext(): void {}
  handshake(info: ConnectionInfo): void {
    this.info = info;
  }
  session(session: TlsSession): void {
    this.sessions.push(session);
  }
  keyLog(): void {}
  closed(): void {}
  failed(error: TlsError): void {
    this.failure = error;
  }
  get isSettled(): boolean {
    return this.info !== undefined || this.failure !== undefined;
  }
}

/** What became of both sides of a connection. */
export interface Settled {
  readonly client: Recorder;
  readonly server: Recorder;
}

/** Connects two engines in memory until each is open or has failed, and has told the other. */
export async function settle(
  clientContext: TlsClientContext,
  serverContext: TlsServerContext,
  options: Partial<ClientEngineOptions> = {},
): Promise<Settled> {
  const [client, server] = [new Recorder(), new Recorder()];
  const clientEngine = clientContext.createEngine({ serverName: 'localhost', ...options }, client);
  const serverEngine = serverContext.createEngine(server);
  serverEngine.start();
  clientEngine.start();
  for (;;) {
    while (client.outgoing.length + server.outgoing.length > 0) {
      carry(client, serverEngine, server);
      carry(server, clientEngine, client);
    }
    if (client.isSettled && server.isSettled) break;
    // a hook or a verifier is at work
    await new Promise((resolve) => setImmediate(resolve));
  }
  clientEngine.destroy();
  serverEngine.destroy();
  return { client, server };
}

function carry(from: Recorder, to: TlsEngine, sink: Recorder): void {
  for (const batch of from.outgoing.splice(0)) if (sink.failure === undefined) to.receive(batch);
}
