import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Dialer, DialOptions, Endpoint, Listener, ListenOptions } from '../endpoint.ts';

/**
 * No TLS at all: what sockets cost alone, which no implementation can do without. Each side sends as much as in a handshake of TLS 1.3 with an
 * ECDSA certificate, in as many writes, before the connection counts as open.
 */
export const plainTcp: Endpoint = { listen, dialer };

const clientHello = Buffer.alloc(250, 1);
const serverFlight = Buffer.alloc(900, 2);
const clientFinished = Buffer.alloc(74, 3);

async function listen({ onSocket }: ListenOptions): Promise<Listener> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    take(socket, clientHello.length, () => {
      socket.write(serverFlight);
      take(socket, clientFinished.length, () => onSocket(socket));
    });
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, renew: () => undefined };
}

/** A connection counts as resumed where a session is given: there is nothing that it would save. */
async function dialer(): Promise<Dialer> {
  return {
    async dial(port, { session, onSession, onread } = {}) {
      const socket = await open(port, onread);
      onSession?.('a session');
      return { stream: socket, resumed: session !== undefined };
    },
  };
}

function open(port: number, onread: DialOptions['onread']): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const answered = (): void => {
      socket.removeListener('error', reject);
      socket.write(clientFinished);
      resolve(socket);
    };
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, ...readingInto(onread, answered) });
    socket.on('error', reject);
    if (onread === undefined) take(socket, serverFlight.length, answered);
    socket.write(clientHello);
  });
}

/** Gives the options of a socket that reads into the caller's buffer, of which the server's flight is none of the caller's. */
function readingInto(onread: DialOptions['onread'], answered: () => void): Pick<net.TcpSocketConnectOpts, 'onread'> {
  if (onread === undefined) return {};
  let missing = serverFlight.length;
  const callback = (length: number): boolean => {
    if (missing === 0) return onread.callback(length);
    missing -= length;
    if (missing === 0) answered();
    return true;
  };
  return { onread: { buffer: onread.buffer, callback } };
}

/** Takes so many bytes off a socket. What came with them is read by whoever listens next. */
function take(socket: Socket, length: number, done: () => void): void {
  let missing = length;
  const onData = (chunk: Buffer): void => {
    const taken = Math.min(chunk.length, missing);
    missing -= taken;
    if (missing > 0) return;
    socket.removeListener('data', onData);
    if (taken < chunk.length) socket.unshift(chunk.subarray(taken));
    done();
  };
  socket.on('data', onData);
}
