import { once } from 'node:events';
import type { ConnectionInfo, TlsSession } from '@org/tls-core';
import { connect, type ConnectOptions } from '@org/tls-core/node';
import { httpRequest } from './peer.ts';

/** What one request gave. */
export interface FetchedPage {
  readonly text: string;
  readonly info: ConnectionInfo;
  readonly sessions: readonly TlsSession[];
}

/**
 * Makes one request over one connection of ours, and keeps the sessions that came with it.
 * @param request is sent after the handshake; `undefined` where the request stands in `earlyData`
 */
export async function fetchPage(
  options: Omit<ConnectOptions, 'host'>,
  request: string | undefined = options.earlyData === undefined ? httpRequest : undefined,
): Promise<FetchedPage> {
  const sessions: TlsSession[] = [];
  const socket = await connect({ host: 'localhost', ...options });
  socket.on('session', (session: TlsSession) => sessions.push(session));
  if (request !== undefined) socket.write(request);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer); // the socket is a Duplex of bytes
  const { info } = socket;
  if (info === undefined) throw new Error('connected, and yet without info');
  return { text: Buffer.concat(chunks).toString('utf8'), info, sessions };
}

/** Connects to a server that answers nothing, and ends once a session has arrived. */
export async function fetchSession(options: Omit<ConnectOptions, 'host'>): Promise<Omit<FetchedPage, 'text'>> {
  const socket = await connect({ host: 'localhost', ...options });
  const [session] = (await once(socket, 'session')) as [TlsSession];
  const { info } = socket;
  if (info === undefined) throw new Error('connected, and yet without info');
  socket.resume().end();
  await once(socket, 'close');
  return { info, sessions: [session] };
}
