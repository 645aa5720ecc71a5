import { createServer as createHttpServer } from 'node:http';
import { createServer as createNodeServer } from 'node:https';
import { connect as nodeConnect } from 'node:tls';
import { connect, setDefaultBackend } from '@org/node-tls';
import { createServer as createHttpsServer } from '@org/node-tls/https';
import type { TlsBackend } from '@org/tls-core';
import { clientContext, createServer, secure } from '@org/tls-core/node';
import { patience, type Identity, type Subject } from './subject.ts';

const serverName = 'localhost';

/** The API of tls-core with a server of node:http. */
async function ours(backend: TlsBackend, { trust, ...identity }: Identity): Promise<Subject> {
  const http = createHttpServer();
  const tls = { backend, identity, alpnProtocols: ['http/1.1'] };
  const listener = await createServer({ tls, handshakeTimeout: patience }, (socket) => http.emit('connection', socket));
  // A peer's fault after its handshake, where nobody listens to the socket's error, is told here.
  listener.on('connectionError', () => undefined);
  const context = await clientContext({ backend, trust });
  return { name: 'tls-core', listener, http, secure: (transport) => secure(transport, { context, serverName }) };
}

/** node-tls: its https server, and its `connect`. */
async function nodeTls(
  backend: TlsBackend,
  { certificateChain: cert, privateKey: key, trust: ca }: Identity,
): Promise<Subject> {
  setDefaultBackend(backend);
  const server = createHttpsServer({ cert, key, handshakeTimeout: patience });
  const securely = (transport: Parameters<Subject['secure']>[0]) =>
    connect({ socket: transport, servername: serverName, ca });
  return { name: 'node-tls', listener: server, http: server as unknown as Subject['http'], secure: securely };
}

/** Node's own TLS, so that what is its own is not taken for ours. */
async function node({ certificateChain: cert, privateKey: key, trust: ca }: Identity): Promise<Subject> {
  const server = createNodeServer({ cert, key, handshakeTimeout: patience });
  const securely = (transport: Parameters<Subject['secure']>[0]) =>
    nodeConnect({ socket: transport, servername: serverName, ca });
  return { name: 'node:tls', listener: server, http: server as unknown as Subject['http'], secure: securely };
}

export const subjects = {
  'tls-core': ours,
  'node-tls': nodeTls,
  'node:tls': (_: TlsBackend, identity: Identity) => node(identity),
};
export type SubjectName = keyof typeof subjects;
