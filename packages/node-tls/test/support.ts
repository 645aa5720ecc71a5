import { once } from 'node:events';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createRoot } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { connect, createServer, type ConnectionOptions, type TLSSocket, type TlsOptions } from '../src/index.ts';

/** Each test runs over each of them. */
export const backends: readonly (readonly [name: string, backend: TlsBackend])[] = [
  ['pure', createPure()],
  ['native', createNative()],
];

export const root = await createRoot();
export const stranger = await createRoot();
export const leaf = await root.issue({ names: ['localhost'] });

/** Options of a server that clients trust with `ca: root.certificatePem`. */
export const serverOptions = { cert: leaf.chainPem, key: leaf.privateKeyPem };

/** Listens on a free port of the loopback. */
export async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Stops listening and waits until the last connection is closed. */
export async function close(server: NetServer): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  await closed;
}

/** Two sockets of this package that are connected to each other. */
export interface Pair extends AsyncDisposable {
  readonly server: ReturnType<typeof createServer>;
  readonly client: TLSSocket;
  readonly accepted: TLSSocket;
}

/** Connects a client and a server of this package. Both end without an error when the pair is disposed of. */
export async function connectPair(
  backend: TlsBackend,
  forServer: TlsOptions = {},
  forClient: ConnectionOptions = {},
): Promise<Pair> {
  const server = createServer({ ...serverOptions, backend, ...forServer });
  const port = await listen(server);
  const accepting = once(server, 'secureConnection') as Promise<[TLSSocket]>;
  const client = connect({ ...trusting(port), backend, ...forClient });
  await once(client, 'secureConnect');
  const [accepted] = await accepting;
  accepted.on('error', () => undefined);
  return {
    server,
    client,
    accepted,
    async [Symbol.asyncDispose]() {
      client.destroy();
      accepted.destroy();
      await close(server);
    },
  };
}

/** Options of a client that trusts `serverOptions`. */
export function trusting(port: number): ConnectionOptions {
  return { port, host: '127.0.0.1', servername: 'localhost', ca: root.certificatePem };
}

/** The error that a server tells of a handshake; a handshake that is done fails the test. */
export async function clientErrorOf(server: NetServer): Promise<Error> {
  return new Promise((resolve, reject) => {
    server.once('tlsClientError', resolve);
    server.once('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined).destroy();
      reject(new Error('the handshake is done'));
    });
  });
}

/** Connects, and gives the error that it ends with; a handshake that is done fails the test. */
export async function failureOf(options: ConnectionOptions): Promise<Error> {
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    socket.once('error', resolve);
    socket.once('secureConnect', () => {
      socket.destroy();
      reject(new Error('the handshake is done'));
    });
  });
}
