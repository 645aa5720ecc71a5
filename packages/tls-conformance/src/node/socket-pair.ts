import { once } from 'node:events';
import { connect as dialTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Identity, ServerConfig } from '@org/tls-core';
import {
  clientContext,
  connect,
  createServer,
  secure,
  whenSecure,
  type OnRead,
  type SecureClientOptions,
  type TlsServer,
  type TlsSocket,
} from '@org/tls-core/node';
import type { Roles } from '../conformance-case.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf } from '../memory-pair.ts';
import { turn } from '../turn.ts';

/** What a case changes of its server. */
interface ServedOptions {
  readonly allowHalfOpen?: boolean;
  readonly handshakeTimeout?: number;
  readonly config?: Omit<ServerConfig, 'identity'>;
}

/** What a case changes of its client. */
interface ClientOptions {
  readonly handshakeTimeout?: number;
  readonly signal?: AbortSignal;
  readonly identity?: Identity;
  readonly onread?: OnRead;
}

/** No handshake is given up because the machine is busy; a case about time sets its own limit. */
const patient = { handshakeTimeout: 0 };

/** Runs a server of the roles on the loopback and ends it, whatever happens in `use`. */
export async function withServer(
  { server: backend, certificate = 'ecdsa-p256' }: Roles,
  use: (server: TlsServer) => Promise<void>,
  { config, ...options }: ServedOptions = {},
): Promise<void> {
  const server = await createServer({
    ...patient,
    ...options,
    tls: { ...config, backend, identity: identityOf(certificate) },
  });
  await listening(server);
  try {
    await use(server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

/** Dials a server of `withServer` and does the handshake. */
export function connectTo(
  server: Server,
  { client: backend }: Roles,
  { identity, ...options }: ClientOptions = {},
): Promise<TlsSocket> {
  return connect({
    ...patient,
    connectTimeout: 0,
    ...options,
    host: '127.0.0.1',
    port: portOf(server),
    serverName: 'localhost',
    tls: { backend, trust: rootPem, ...(identity !== undefined && { identity }) },
  });
}

export async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Gives the TCP connections under a server's TLS connections, as they arrive. */
export function connectionsOf(server: Server): readonly Socket[] {
  const sockets: Socket[] = [];
  server.prependListener('connection', (socket: Socket) => sockets.push(socket));
  return sockets;
}

export async function readAll(socket: TlsSocket): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

/** A client together with its TCP connection, which a case can treat badly. */
export interface BareClient {
  readonly transport: Socket;
  readonly socket: TlsSocket;
}

/** Connects as `connectTo` does, over a TCP connection that the case has made itself. Errors of the client are ignored. */
export async function connectOver(server: Server, { client: backend }: Roles): Promise<BareClient> {
  const transport = await dial(server);
  const socket = secure(transport, { ...(await clientOptions(backend)), allowHalfOpen: true });
  socket.on('error', () => undefined);
  await whenSecure(socket);
  return { transport, socket };
}

/** Gives what `secure` needs for a client that trusts the kit's root. */
export async function clientOptions(
  backend: Roles['client'],
): Promise<Pick<SecureClientOptions, 'context' | 'serverName' | 'handshakeTimeout'>> {
  return { ...patient, context: await clientContext({ backend, trust: rootPem }), serverName: 'localhost' };
}

/** Makes a TCP connection to a server on the loopback. */
export async function dial(server: Server): Promise<Socket> {
  const transport = dialTcp(portOf(server), '127.0.0.1');
  transport.on('error', () => undefined);
  await once(transport, 'connect');
  return transport;
}

/**
 * Writes until neither the kernel nor what lies between takes any more, because the peer reads nothing.
 * @returns how many bytes were written
 */
export async function fill(socket: TlsSocket, chunk: Uint8Array): Promise<number> {
  let written = 0;
  for (let turns = 0; turns < 3; await turn()) {
    turns = socket.writableLength > chunk.length ? turns + 1 : 0;
    if (turns > 0) continue;
    socket.write(chunk);
    written += chunk.length;
  }
  return written;
}

/** Waits until a socket is closed, for whatever reason. */
export function closed(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', resolve);
  });
}

/** Gives the next exception that nothing catches, and keeps it from ending the process. */
export function nextUncaught(): Promise<unknown> {
  return new Promise((resolve) => {
    process.setUncaughtExceptionCaptureCallback((error) => {
      process.setUncaughtExceptionCaptureCallback(null);
      resolve(error);
    });
  });
}
