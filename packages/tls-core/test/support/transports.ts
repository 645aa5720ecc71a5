import { once } from 'node:events';
import { connect as dialTcp, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A transport in memory that takes everything and gives nothing. */
export function sinkhole(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

/** The two ends of a TCP connection on the loopback. */
export async function tcpPair(): Promise<readonly [Socket, Socket]> {
  const server = createTcpServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = dialTcp((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = await accepted;
  if (near.connecting) await once(near, 'connect');
  server.close();
  return [near, far];
}

/** Makes a program's own method of one of the socket's, after which it is any Duplex for us. */
export function asDuplex(socket: Socket): Socket {
  return Object.assign(socket, { write: socket.write.bind(socket) });
}

/** Makes the two ends of a TCP connection. */
type MakePair = typeof tcpPair;

/** The two ways in which a TCP connection is taken over, each with connections whose near end is taken over in this way. */
export const ways: readonly (readonly [kind: string, makePair: MakePair])[] = [
  ['socket', tcpPair],
  [
    'duplex',
    async () => {
      const [near, far] = await tcpPair();
      return [asDuplex(near), far];
    },
  ],
];

/** Waits until so many bytes have come over a connection. */
export async function arrived(socket: Socket, count: number): Promise<void> {
  while (socket.bytesRead < count) await turn();
}

/** Waits until a stream is closed, also where it is already. */
export function closed(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}

/** Ends the turn of the event loop, with all that its ticks bring about. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
