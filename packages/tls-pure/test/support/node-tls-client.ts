import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { ServerConfig, TlsEngine, TlsServerContext } from '@org/tls-core';
import { createBackend, serverContext } from '../../src/backend.ts';
import { nodeCrypto } from '@org/tls-crypto/node';
import { RecordingSink } from './engine-pair.ts';

/** A context of ours for clients of node:tls; its sessions outlive a connection. */
export function ourServer(config: ServerConfig): TlsServerContext {
  return serverContext(createBackend({ crypto: nodeCrypto }), nodeCrypto, config);
}

/** One connection of a client of node:tls with our server, without a network. */
export interface NodeClientRun {
  readonly server: TlsEngine;
  readonly serverSink: RecordingSink;
  readonly client: TLSSocket;
  /** What the client failed with. */
  readonly clientError: NodeJS.ErrnoException | undefined;
  /** The last session that the client was given. */
  readonly session: Buffer | undefined;
  readonly keyLog: string;
  /** All that the server wrote until the client had its answer. */
  readonly wire: Uint8Array;
  /** What our server, which sends back what it gets, sent back. */
  readonly echo: string;
}

const question = 'what did the client say?';

/** Connects, has a question sent back, and leaves the connection open; ends early when either side fails. */
export async function runNodeClient(
  context: TlsServerContext,
  options: ConnectionOptions,
  cut: (batch: Uint8Array) => readonly Uint8Array[] = (batch) => [batch],
): Promise<NodeClientRun> {
  const wire: Uint8Array[] = [];
  const sink = new EchoSink((batch) => {
    wire.push(batch);
    pipe.push(Buffer.from(batch));
  });
  const pipe: Duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      for (const part of cut(chunk)) if (sink.failure === undefined) server.receive(part);
      done();
    },
  });
  const server = context.createEngine(sink);
  sink.answer = (batch) => server.send(batch);
  server.start();
  const client = connect({ servername: 'localhost', maxVersion: 'TLSv1.2', ...options, socket: pipe });
  const seen: { error?: NodeJS.ErrnoException; session?: Buffer; keyLog: string; echo: string } = {
    keyLog: '',
    echo: '',
  };
  client.on('session', (session: Buffer) => (seen.session = session));
  client.on('keylog', (line: Buffer) => (seen.keyLog += line.toString()));
  await new Promise<void>((resolve) => {
    client.once('secureConnect', () => client.write(question));
    client.on('data', (chunk: Buffer) => {
      seen.echo += chunk.toString();
      if (seen.echo.length >= question.length) resolve();
    });
    client.once('error', (error: NodeJS.ErrnoException) => {
      seen.error = error;
      resolve();
    });
  });
  return {
    server,
    serverSink: sink,
    client,
    clientError: seen.error,
    session: seen.session,
    keyLog: seen.keyLog,
    wire: Buffer.concat(wire),
    echo: seen.echo,
  };
}

/** The question that `runNodeClient` sends. */
export { question };

/** Waits until the client is told why the connection ended. */
export async function clientFailure(client: TLSSocket): Promise<NodeJS.ErrnoException> {
  const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
  return error;
}

class EchoSink extends RecordingSink {
  readonly #write: (batch: Uint8Array) => void;
  answer: (batch: Uint8Array) => void = () => undefined;

  constructor(write: (batch: Uint8Array) => void) {
    super();
    this.#write = write;
  }

  override ciphertext(batch: Uint8Array): void {
    this.#write(batch);
  }

  override plaintext(batch: Uint8Array): void {
    super.plaintext(batch);
    this.answer(batch);
  }
}
