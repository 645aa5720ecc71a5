import type {
  ClientConfig,
  ClientEngineOptions,
  ConnectionInfo,
  EngineSink,
  ServerConfig,
  TlsEngine,
  TlsError,
  TlsSession,
} from '@org/tls-core';
import { clientContext, createBackend, serverContext } from '../../src/backend.ts';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { CryptoProvider } from '@org/tls-crypto';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';

/** Everything an engine told its owner. */
export class RecordingSink implements EngineSink {
  readonly outgoing: Uint8Array[] = [];
  readonly received: Uint8Array[] = [];
  readonly keyLogLines: string[] = [];
  readonly sessions: TlsSession[] = [];
  info: ConnectionInfo | undefined;
  isClosed = false;
  failure: TlsError | undefined;

  ciphertext(batch: Uint8Array): void {
    this.outgoing.push(batch);
  }
  plaintext(batch: Uint8Array): void {
    this.received.push(batch);
  }
  handshake(info: ConnectionInfo): void {
    this.info = info;
  }
  session(session: TlsSession): void {
    this.sessions.push(session);
  }
  keyLog(line: string): void {
    this.keyLogLines.push(line);
  }
  closed(): void {
    this.isClosed = true;
  }
  failed(error: TlsError): void {
    this.failure = error;
  }

  /** All plaintext, as one. */
  get text(): string {
    return Buffer.concat(this.received).toString('latin1');
  }
}

export interface PairOptions {
  readonly client: ClientConfig;
  readonly server: ServerConfig;
  readonly serverName?: string;
  readonly engine?: Omit<ClientEngineOptions, 'serverName'>;
  readonly crypto?: CryptoProvider;
  readonly clientOverrides?: HandshakeOverrides;
  readonly serverOverrides?: HandshakeOverrides;
}

/** A client and a server engine in memory. */
export interface EnginePair {
  readonly client: TlsEngine;
  readonly server: TlsEngine;
  readonly clientSink: RecordingSink;
  readonly serverSink: RecordingSink;
  /** Carries bytes both ways until nobody has any; `cut` changes each batch on its way. */
  pump(cut?: (batch: Uint8Array, from: 'client' | 'server') => readonly Uint8Array[]): void;
}

export function enginePair(options: PairOptions): EnginePair {
  const crypto = options.crypto ?? nodeCrypto;
  const backend = createBackend({ crypto });
  const clientSink = new RecordingSink();
  const serverSink = new RecordingSink();
  const client = clientContext(backend, crypto, options.client, options.clientOverrides).createEngine(
    { serverName: options.serverName ?? 'localhost', ...options.engine },
    clientSink,
  );
  const server = serverContext(backend, crypto, options.server, options.serverOverrides).createEngine(serverSink);
  return {
    client,
    server,
    clientSink,
    serverSink,
    pump(cut = (batch) => [batch]) {
      for (;;) {
        const toServer = clientSink.outgoing.splice(0).flatMap((batch) => cut(batch, 'client'));
        const toClient = serverSink.outgoing.splice(0).flatMap((batch) => cut(batch, 'server'));
        if (toServer.length === 0 && toClient.length === 0) return;
        for (const bytes of toServer) if (serverSink.failure === undefined) server.receive(bytes);
        for (const bytes of toClient) if (clientSink.failure === undefined) client.receive(bytes);
      }
    },
  };
}

/** Every byte by itself. */
export function byteByByte(batch: Uint8Array): readonly Uint8Array[] {
  return Array.from(batch, (byte) => Uint8Array.of(byte));
}
