import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TlsClientContext, TlsSession } from '@org/tls-core';
import { connect as connectTls } from '@org/tls-core/node';

/** All that a client sends at first: a ClientHello and early data, which an attacker can record and send again. */
export interface Flight {
  /** What the early data says. */
  readonly name: string;
  readonly bytes: Buffer;
}

export async function sessionFrom(client: TlsClientContext, port: number): Promise<TlsSession> {
  const socket = await connectTls({ host: '127.0.0.1', port, serverName: 'localhost', tls: client });
  const sessions: TlsSession[] = [];
  socket.on('session', (session: TlsSession) => sessions.push(session));
  socket.resume();
  await once(socket, 'close');
  const [session] = sessions;
  if (session === undefined) throw new Error('there is no session');
  return session;
}

export function makeFlight(client: TlsClientContext, session: TlsSession): Flight {
  const batches: Buffer[] = [];
  const engine = client.createEngine(
    { serverName: 'localhost', session, earlyData: true },
    {
      ciphertext: (batch) => void batches.push(Buffer.from(batch)),
      plaintext: () => undefined,
      handshake: () => undefined,
      session: () => undefined,
      keyLog: () => undefined,
      failed: () => undefined,
      closed: () => undefined,
    },
  );
  const name = randomUUID();
  engine.start();
  engine.send(Buffer.from(name));
  const bytes = Buffer.concat(batches);
  engine.destroy();
  return { name, bytes };
}

/** Sends a flight, and leaves when the server has answered it. */
export async function sendFlight({ bytes }: Flight, port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', () => socket.destroy());
  socket.write(bytes);
  await once(socket, 'close');
}
